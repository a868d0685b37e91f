package io.github.llmcache.cli.safetytooling;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EmbeddingTexts}. The hashes are those of Pydantic 2.13.4, for a model
 * with the fields {@code model_id}, {@code texts} and {@code dimensions}.
 */
class EmbeddingTextsTests {

	@TempDir
	private Path directory;

	@Test
	void hashesAreThoseOfTheLibrary() throws IOException {
		EmbeddingTexts texts = read("""
				{"model":"text-embedding-3-small","texts":["a \\"b\\"\\n","ü"]}
				{"model":"text-embedding-3-large","texts":["x"],"dimensions":2}
				{"model":"m","texts":["\\b\\f\\r\\t\\\\/\\u0000\\u001f\\u007f\\u2028😀</script>"]}
				""");
		assertThat(texts.byHash()).containsOnlyKeys("cec4a4af57096d7125d36335ce6259156801f5ec",
				"468b7c7a7f4e250fa37941866c5d326edb763918", "d553c90c0e8c829f0b8848d84e4000c65ca08b99",
				// Without dimensions, as before there were any
				LibraryCache.sha1("{\"model_id\":\"text-embedding-3-small\",\"texts\":[\"a \\\"b\\\"\\n\",\"ü\"]}"),
				LibraryCache.sha1("{\"model_id\":\"m\",\"texts\":[\"\\b\\f\\r\\t\\\\/\\u0000\\u001f\u007f\u2028😀"
						+ "</script>\"]}"));
		assertThat(texts.find("468b7c7a7f4e250fa37941866c5d326edb763918"))
			.isEqualTo(new EmbeddingTexts.Question("text-embedding-3-large", List.of("x"), 2));
		assertThat(texts.find("0")).isNull();
	}

	private EmbeddingTexts read(String lines) throws IOException {
		return EmbeddingTexts.read(Files.writeString(this.directory.resolve("texts.jsonl"), lines));
	}

}
