package io.github.llmcache.inference;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import io.github.llmcache.EmbeddingResponse;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResult;
import io.github.llmcache.ModerationResponse;
import io.github.llmcache.ToolCallback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What each way of asking takes the first time, the second time, and after a change: the
 * table in docs/inference.md.
 */
class SecondRunTests {

	private static final String SECOND_RUN = "0 · $0";

	@TempDir
	Path directory;

	@Test
	void theSecondRunAsksNobodyWhateverWayIsTaken() throws IOException {
		List<String> rows = new ArrayList<>();
		try (InferenceFixture fixture = new InferenceFixture(Files.createDirectory(this.directory.resolve("online")))) {
			rows.add(embeddings(fixture));
			rows.add(moderation(fixture));
			rows.add(samples(fixture, "OpenAI", InferenceFixture.MODEL));
			rows.add(samples(fixture, "Anthropic", "claude-test"));
			rows.add(tools(fixture));
		}
		try (BatchFixture fixture = new BatchFixture(Files.createDirectory(this.directory.resolve("batch")))) {
			rows.add(batch(fixture));
		}
		assertThat(rows).allMatch((row) -> row.split("\\|")[3].strip().equals(SECOND_RUN));
		assertThat(Path.of("../docs/inference.md")).content().contains(rows);
	}

	private static String embeddings(InferenceFixture fixture) {
		IntSupplier calls = fixture.standIn::requestCount;
		List<String> texts = texts(100);
		String first = measure(calls, () -> cost(fixture.api.embed("text-embedding-3-small", texts, 256)));
		fixture.restart();
		String second = measure(calls, () -> cost(fixture.api.embed("text-embedding-3-small", texts, 256)));
		texts.set(50, "Another text");
		return row("`embed`, 100 texts", "one text", first, second,
				measure(calls, () -> cost(fixture.api.embed("text-embedding-3-small", texts, 256))));
	}

	private static BigDecimal cost(EmbeddingResponse response) {
		return Objects.requireNonNull(response.cost());
	}

	private static String moderation(InferenceFixture fixture) {
		IntSupplier calls = fixture.standIn::requestCount;
		List<String> texts = texts(100);
		String first = measure(calls, () -> cost(fixture.api.moderate("omni-moderation-latest", texts)));
		fixture.restart();
		String second = measure(calls, () -> cost(fixture.api.moderate("omni-moderation-latest", texts)));
		texts.set(50, "Another text");
		return row("`moderate`, 100 texts", "one text", first, second,
				measure(calls, () -> cost(fixture.api.moderate("omni-moderation-latest", texts))));
	}

	private static BigDecimal cost(ModerationResponse response) {
		return Objects.requireNonNull(response.cost());
	}

	private static String samples(InferenceFixture fixture, String provider, String model) {
		IntSupplier calls = fixture.standIn::requestCount;
		InferenceRequest request = InferenceRequest.builder(model).user("Tell me a joke.").n(3).build();
		String first = measure(calls, () -> cost(fixture.api.infer(request)));
		fixture.restart();
		String second = measure(calls, () -> cost(fixture.api.infer(request)));
		return row("`n(3)`, " + provider, "`n(4)`", first, second,
				measure(calls, () -> cost(fixture.api.infer(request.toBuilder().n(4).build()))));
	}

	private static String tools(InferenceFixture fixture) {
		IntSupplier calls = fixture.standIn::requestCount;
		fixture.standIn.answer(ToolLoopTests.TWO_TURNS);
		String first = measure(calls, () -> cost(fixture.api.infer(weather("sunny"))));
		fixture.restart();
		String second = measure(calls, () -> cost(fixture.api.infer(weather("sunny"))));
		return row("tools, 3 turns", "the last tool's result", first, second,
				measure(calls, () -> cost(fixture.api.infer(weather("foggy")))));
	}

	private static InferenceRequest weather(String inBerlin) {
		return InferenceRequest.builder(InferenceFixture.MODEL)
			.user("How is the weather?")
			.tools(ToolCallback.of("weather", "The weather", "{\"type\":\"object\"}",
					(arguments) -> arguments.contains("Berlin") ? inBerlin : "sunny"))
			.build();
	}

	private static String batch(BatchFixture fixture) {
		IntSupplier requests = () -> fixture.batches.questions().stream().mapToInt(List::size).sum();
		fixture.batches.end();
		List<String> texts = texts(100);
		String first = measure(requests, () -> cost(fixture.api.inferAll(requests(texts))));
		fixture.restart();
		String second = measure(requests, () -> cost(fixture.api.inferAll(requests(texts))));
		texts.set(50, "Another text");
		return row("batch, 100 requests", "one text", first, second,
				measure(requests, () -> cost(fixture.api.inferAll(requests(texts)))));
	}

	private static List<InferenceRequest> requests(List<String> texts) {
		return texts.stream().map((text) -> InferenceRequest.builder(BatchFixture.MODEL).user(text).build()).toList();
	}

	private static BigDecimal cost(List<InferenceResult> results) {
		return results.stream().map((result) -> cost(result.orElseThrow())).reduce(BigDecimal.ZERO, BigDecimal::add);
	}

	private static BigDecimal cost(InferenceResponse response) {
		return Objects.requireNonNull(response.cost());
	}

	private static List<String> texts(int count) {
		return new ArrayList<>(IntStream.range(0, count).mapToObj((number) -> "Text number " + number).toList());
	}

	private static String measure(IntSupplier calls, Supplier<BigDecimal> run) {
		int before = calls.getAsInt();
		BigDecimal cost = run.get();
		return (calls.getAsInt() - before) + " · $" + cost.stripTrailingZeros().toPlainString();
	}

	private static String row(String what, String change, String first, String second, String changed) {
		return "| " + what + " | " + first + " | " + second + " | " + change + ": " + changed + " |";
	}

}
