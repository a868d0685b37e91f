package io.github.llmcache.documentation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each piece of Java in the documentation stands in a class of this package, which the
 * compiler has accepted.
 */
class DocumentationTests {

	private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

	private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|#)([^)#]+)");

	private static final Path PROJECT = Path.of("..");

	private static final Path SNIPPETS = Path.of("src/test/java/io/github/llmcache/documentation");

	@ParameterizedTest
	@ValueSource(strings = "docs/inference.md")
	void snippetsCompile(String document) throws IOException {
		String code = Files.readString(SNIPPETS.resolve("InferenceSnippets.java"));
		List<String> snippets = snippets(document);
		assertThat(snippets).hasSizeGreaterThan(10);
		assertThat(snippets).allSatisfy((snippet) -> assertThat(unindented(code)).contains(unindented(snippet)));
	}

	@ParameterizedTest
	@MethodSource("documents")
	void linksLeadSomewhere(Path document) throws IOException {
		Matcher matcher = LINK.matcher(Files.readString(document));
		assertThat(matcher.results().map((link) -> document.resolveSibling(link.group(1)))).allMatch(Files::exists);
	}

	static Stream<Path> documents() throws IOException {
		try (Stream<Path> docs = Files.list(PROJECT.resolve("docs")); Stream<Path> top = Files.list(PROJECT)) {
			return Stream.concat(docs, top)
				.filter((file) -> file.toString().endsWith(".md"))
				.collect(Collectors.toList())
				.stream();
		}
	}

	private static List<String> snippets(String document) throws IOException {
		List<String> snippets = new ArrayList<>();
		Matcher matcher = SNIPPET.matcher(Files.readString(PROJECT.resolve(document)));
		while (matcher.find()) {
			snippets.add(matcher.group(1));
		}
		return snippets;
	}

	/**
	 * Return code without what has no meaning to the compiler: the documentation is
	 * indented by spaces, the code by tabs, and lines are broken elsewhere.
	 */
	private static String unindented(String code) {
		return code.replaceAll("//[^\n]*", "").replaceAll("\\s+", "");
	}

}
