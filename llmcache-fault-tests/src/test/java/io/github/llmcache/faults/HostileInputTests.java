package io.github.llmcache.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.llmcache.CacheControl;
import io.github.llmcache.CacheMissException;
import io.github.llmcache.InferenceApi;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.cache.CacheStore.StoreSize;
import io.github.llmcache.cache.EntryFilter;
import io.github.llmcache.provider.Reply;
import io.github.llmcache.provider.StandInProvider;
import io.github.llmcache.testsupport.RedisServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Uses names of models and namespaces that would be something else to a file system, a
 * database, Redis, a log or a terminal.
 */
@ExtendWith(OutputCaptureExtension.class)
class HostileInputTests {

	/** What does most harm first, for the short form. */
	private static final List<String> NAMES = List.of("../../etc/passwd", "/etc/passwd", "..", "a\0b", "a",
			"a\n2026-01-01 INFO forged", "a\u001b[31mb", "a\u202eb", "A", "a ", "*", "%", "'; DROP TABLE entry; --",
			"{a}", "x".repeat(10_001), "x".repeat(10_000) + "y", ".", "../x", "C:\\x", "C:x", "\\\\host\\share", "a/b",
			"a\\b", "a//b", "a.", "a..", " a", "con", "CON", "nul.txt", "aux", "com1", "a\0", "a\nb", "a\rb", "a\r\nb",
			"a\u2028b", "a\u200bb", "a\u0085b", "\u00e9", "e\u0301", "\uD83D\uDE00", "a*", "a?", "[a]", "a}:e", "^a",
			"_", "a%", "a_", "a'b", "a\"b", "a;b", "~", "~root", "$(a)", "`a`", "a|b", "a:b", "<a>", "&amp;",
			"${jndi:ldap://127.0.0.1/a}", "${user.home}", "#{T(java.lang.Runtime)}", "%s%n", "\u00e9".repeat(300),
			"-rf", ".llmcache", ".llmcache.sqlite.lock", "?", "models", "status:a", "(shared)", "null", "\uFFFF",
			"\uFEFFa", "a?mode=memory");

	private static final CacheControl ONLY_IF_CACHED = CacheControl.DEFAULT.withOnlyIfCached();

	@ParameterizedTest
	@ValueSource(strings = { "sqlite", "file", "redis" })
	void idsOfModelsAreDataAndNothingElse(String backend, @TempDir Path parent, CapturedOutput output)
			throws Exception {
		namesAreDataAndNothingElse(backend, "models", parent, output,
				(name, control) -> InferenceRequest.builder(name).user("Question").cacheControl(control).build(),
				EntryFilter::ofModel);
	}

	@ParameterizedTest
	@ValueSource(strings = { "sqlite", "file", "redis" })
	void namespacesAreDataAndNothingElse(String backend, @TempDir Path parent, CapturedOutput output) throws Exception {
		namesAreDataAndNothingElse(backend, "namespaces", parent, output,
				(name, control) -> Asker.question(1).toBuilder().cacheControl(control.withNamespace(name)).build(),
				EntryFilter::ofNamespace);
	}

	private void namesAreDataAndNothingElse(String backend, String what, Path parent, CapturedOutput output,
			BiFunction<String, CacheControl, InferenceRequest> request, Function<String, EntryFilter> filter)
			throws Exception {
		List<String> names = NAMES.subList(0, Scale.of(NAMES.size(), 12));
		Path directory = Files.createDirectories(parent.resolve("a/b/cache"));
		List<String> problems = new ArrayList<>();
		List<String> answers = new ArrayList<>();
		List<String> messages = new ArrayList<>();
		try (RedisServer server = RedisServer.start(); StandInProvider standIn = StandInProvider.start()) {
			standIn.answer((received) -> Reply.ok(Asker.completion("Call " + standIn.requestCount())));
			ApplicationContextRunner application = Applications.onRedis(standIn, 30_000)
				.withPropertyValues("llmcache.backend=" + backend, "llmcache.directory=" + directory,
						"llmcache.sqlite.max-open-files=32", "spring.data.redis.port=" + server.port());
			application.run((context) -> {
				for (String name : names) {
					answers.add(
							ask(context.getBean(InferenceApi.class), request.apply(name, CacheControl.DEFAULT)).text());
				}
			});
			application.run((context) -> {
				InferenceApi inference = context.getBean(InferenceApi.class);
				CacheManager cache = context.getBean(CacheManager.class);
				for (int i = 0; i < names.size(); i++) {
					InferenceResponse again = ask(inference, request.apply(names.get(i), CacheControl.DEFAULT));
					if (!again.cached() || !again.text().equals(answers.get(i))) {
						problems.add("not the answer of " + i);
					}
				}
				long left = names.size();
				for (String name : names) {
					// The one of this name, and none that a pattern would match
					long deleted = cache.delete(filter.apply(name));
					left -= deleted;
					if (deleted != 1) {
						problems.add("deleted " + deleted + " of " + name);
					}
					messages.add(miss(inference, request.apply(name, ONLY_IF_CACHED)));
				}
				if (cache.size().stream().mapToLong(StoreSize::entries).sum() != left) {
					problems.add("something else is gone or left");
				}
				if (!cache.health().isUp()) {
					problems.add("the cache is not healthy");
				}
			});
		}
		long same = answers.size() - new HashSet<>(answers).size();
		Set<String> outside = outside(parent, directory);
		List<String> forged = Stream.concat(output.getAll().lines(), messages.stream())
			.filter(HostileInputTests::isForged)
			.toList();
		Survival.of(Area.INPUT, "Names of " + what + " that are more than names: " + backend)
			.count("names", names.size())
			.wrong(problems.size() + same + outside.size() + forged.size())
			.record();
		assertThat(problems).isEmpty();
		assertThat(same).isZero();
		assertThat(outside).isEmpty();
		assertThat(forged).isEmpty();
		assertThat(messages).hasSize(names.size()).allSatisfy((message) -> assertThat(message).hasSizeLessThan(1000));
	}

	/**
	 * Names no provider answers for are for the one that there is.
	 */
	private static InferenceResponse ask(InferenceApi inference, InferenceRequest request) {
		return inference.infer(request.toBuilder().provider("openai").build());
	}

	private static String miss(InferenceApi inference, InferenceRequest request) {
		try {
			return "Found after it was deleted: " + ask(inference, request).text();
		}
		catch (CacheMissException ex) {
			return String.valueOf(ex.getMessage());
		}
	}

	/**
	 * A line of a log, or a message, that a name has begun, has coloured or has turned
	 * around.
	 */
	private static boolean isForged(String line) {
		return line.startsWith("2026-01-01 INFO forged") || line.startsWith("Found after")
				|| line.chars().anyMatch((character) -> switch (Character.getType(character)) {
					case Character.CONTROL -> character != '\t';
					case Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
					default -> false;
				});
	}

	private static Set<String> outside(Path parent, Path directory) throws IOException {
		try (Stream<Path> all = Files.walk(parent)) {
			return all.filter((path) -> !path.startsWith(directory) && !directory.startsWith(path))
				.map(Path::toString)
				.collect(Collectors.toCollection(TreeSet::new));
		}
	}

	@Test
	void modelsWithoutANameAreRefusedBeforeAnythingIsSent() {
		List<String> blank = List.of("", " ", "\t", "\n", "\r\n \u2003");
		long refused = blank.stream().filter((name) -> {
			try {
				InferenceRequest.builder(name).user("Question").build();
				return false;
			}
			catch (IllegalArgumentException ex) {
				return "'model' must not be blank".equals(ex.getMessage());
			}
		}).count();
		Survival.of(Area.INPUT, "Models without a name")
			.count("names", blank.size())
			.wrong(blank.size() - refused)
			.record();
		assertThat(refused).isEqualTo(blank.size());
	}

}
