package io.github.llmcache.cli;

import java.nio.file.Path;
import java.util.List;

import io.github.llmcache.cli.safetytooling.LibraryCache;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.github.llmcache.cli.safetytooling.LibraryCache.params;
import static io.github.llmcache.cli.safetytooling.LibraryCache.response;
import static io.github.llmcache.cli.safetytooling.LibraryCache.user;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ImportCommand} with {@link LibraryOptions}.
 */
class LibraryImportTests {

	private static final String MODEL = "gpt-4o-mini";

	private final TransferFixture cli = new TransferFixture();

	@TempDir
	private Path temporary;

	private List<String> cache = List.of();

	private Path library = Path.of("");

	@BeforeEach
	void prepare() {
		this.cache = TransferFixture.sqlite(this.temporary.resolve("cache"));
		this.library = this.temporary.resolve("library");
	}

	@Test
	void whatWasPaidForIsImportedOnce() throws Exception {
		LibraryCache paid = new LibraryCache().answer(params(MODEL, 1), user("What is it?"), response(MODEL, "One."))
			.answer(params(MODEL, 1), user("And that?"), response(MODEL, "Another."));
		paid.writeBins(this.library.resolve("bins"));
		paid.writeSqlite(this.library.resolve("sqlite"));
		assertThat(importFrom("bins")).isEqualTo(ExitCode.OK);
		assertThat(this.cli.out()).startsWith("Imported 2 entries: 2 added, 0 replaced, 0 extended.");
		assertThat(importFrom("bins")).isEqualTo(ExitCode.OK);
		assertThat(this.cli.out()).startsWith("Imported 0 entries").contains("2 were there already");
		assertThat(importFrom("sqlite")).isEqualTo(ExitCode.OK);
		assertThat(this.cli.out()).startsWith("Imported 0 entries").contains("2 were there already");
	}

	@Test
	void answersToTheSameQuestionBecomeItsSamples() throws Exception {
		String prompt = user("Draw a number.");
		new LibraryCache().answer(params(MODEL, 1), prompt, response(MODEL, "Seven."))
			.answer(params(MODEL, 2), prompt, response(MODEL, "Three."), response(MODEL, "Nine."))
			.writeBins(this.library);
		assertThat(importFrom("")).isEqualTo(ExitCode.OK);
		assertThat(TransferFixture.entries(this.cache).values()).singleElement()
			.satisfies((entry) -> assertThat(entry.samples()).isEqualTo(3));
		assertThat(importFrom("")).isEqualTo(ExitCode.OK);
		assertThat(TransferFixture.entries(this.cache).values()).singleElement()
			.satisfies((entry) -> assertThat(entry.samples()).isEqualTo(3));
	}

	@Test
	void anAnswerThatIsKeptInTwoHomesIsOneSample() throws Exception {
		LibraryCache paid = new LibraryCache().answer(params(MODEL, 1), user("What is it?"), response(MODEL, "One."));
		paid.writeBins(this.library.resolve("bins"));
		paid.writeSqlite(this.library.resolve("sqlite"));
		assertThat(importFrom("")).isEqualTo(ExitCode.OK);
		assertThat(TransferFixture.entries(this.cache).values()).singleElement()
			.satisfies((entry) -> assertThat(entry.samples()).isEqualTo(1));
	}

	@Test
	void passwordsOfServersAreNotShown() {
		String server = "redis://user:s3cret@127.0.0.1:1/0";
		for (String json : List.of("--json", "--dry-run")) {
			assertThat(this.cli.run(TransferFixture.on(this.cache, "import", "--from", "safety-tooling", json, server,
					server + "x", "redis://user:s3 cret@127.0.0.1:1/0")))
				.isEqualTo(ExitCode.FAILURE);
			assertThat(this.cli.out() + this.cli.err()).contains("Redis cannot be read", "The URL has to be like")
				.doesNotContain("cret");
		}
	}

	@Test
	void whatCannotBeMappedIsReported() throws Exception {
		new LibraryCache().answer(params("nobodys-model", 1), user("Who?"), response("nobodys-model", "I."))
			.answer(params(MODEL, 1), "[{\"role\":\"audio\",\"content\":\"/tmp/a.wav\"}]", response(MODEL, "Noise."))
			.answer(params(MODEL, 1), user("Fine?"), response(MODEL, "Fine."))
			.writeSqlite(this.library);
		assertThat(importFrom("")).isEqualTo(ExitCode.INCOMPLETE);
		assertThat(this.cli.out()).startsWith("Imported 1 entry");
		assertThat(this.cli.err().lines()).hasSize(2)
			.allMatch((line) -> line.startsWith("1 skipped: "))
			.noneMatch((line) -> line.contains("a.wav"));
	}

	@Test
	void whereNoCacheIsThatIsSaidInOneLine() {
		assertThat(importFrom("nothing")).isEqualTo(ExitCode.FAILURE);
		assertThat(this.cli.err().lines()).hasSize(1);
	}

	private int importFrom(String folder) {
		return this.cli
			.run(TransferFixture.on(this.cache, "import", "--from", "safety-tooling", this.library.resolve(folder)));
	}

}
