package io.github.llmcache.sample;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.github.llmcache.ChatMessage;
import io.github.llmcache.FinishReason;
import io.github.llmcache.InferenceException;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResponse.Source;
import io.github.llmcache.InferenceResult;
import io.github.llmcache.RawBody;
import io.github.llmcache.Sample;
import io.github.llmcache.Usage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ConsoleReportTests {

	private static final InferenceRequest REQUEST = Questions.request("m", "Why?");

	private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

	private final ConsoleReport report = new ConsoleReport(new PrintStream(this.bytes, true, StandardCharsets.UTF_8));

	@Test
	void writesTheRunsInColumns() {
		this.report.runs(List.of(
				new RunSummary("run 1", 1240, 3, 1235, 2, 1237, Duration.ofMillis(65_400), new BigDecimal("12.34567"),
						new BigDecimal("0.00004")),
				new RunSummary("run 2", 1240, 1240, 0, 0, 0, Duration.ofMillis(42), BigDecimal.ZERO, null)));
		assertThat(output()).isEqualTo("""

				         requests   hits  misses  failed  provider calls       time     spent    saved
				  run 1     1,240      3   1,235       2           1,237  1 min 05 s  $12.3457  $0.0000
				  run 2     1,240  1,240       0       0               0      42 ms   $0.0000  unknown

				""".replace("       time", "        time").replace("      42 ms", "       42 ms"));
	}

	@Test
	void saysWhomItAsks() {
		this.report.introduce(new ModelChoice("m", "Asking somebody\n(nobody)."), 242);
		assertThat(output()).contains("  Asking somebody\n  (nobody).\n  242 questions, asked twice:\n");
	}

	@Test
	void writesEachReasonOfFailureOnce() {
		InferenceResult failed = new InferenceResult(REQUEST, null, new InferenceException("No"));
		InferenceResult failedElse = new InferenceResult(REQUEST, null, new InferenceException("Never"));
		this.report.failures(List.of(failed, result(Source.PROVIDER, "1", "0"), failedElse, failed));
		assertThat(output()).isEqualTo("""
				  1 failed: InferenceException: Never
				  2 failed: InferenceException: No

				""");
	}

	@Test
	void writesNothingIfNothingHasFailed() {
		this.report.failures(List.of(result(Source.CACHE, "0", "1")));
		assertThat(output()).isEmpty();
	}

	@Test
	void countsWhatBecameOfTheRequests() {
		RunSummary summary = RunSummary.of("run 1",
				List.of(result(Source.CACHE, "0", "0.5"), result(Source.PROVIDER, "0.25", "0"),
						result(Source.COALESCED, "0", "0.5"),
						new InferenceResult(REQUEST, null, new InferenceException("No"))),
				null, Duration.ofSeconds(1));
		assertThat(summary).isEqualTo(new RunSummary("run 1", 4, 2, 1, 1, 1, Duration.ofSeconds(1),
				new BigDecimal("0.25"), new BigDecimal("1.0")));
	}

	@Test
	void prefersTheCallsThatTheProviderHasCounted() {
		RunSummary summary = RunSummary.of("run 1", List.of(result(Source.PROVIDER, "1", "0")), 3L, Duration.ZERO);
		assertThat(summary.providerCalls()).isEqualTo(3);
	}

	@Test
	void doesNotCallUnknownDollarsZero() {
		RunSummary summary = RunSummary.of("run 1",
				List.of(result(Source.PROVIDER, "1", "0"), result(Source.PROVIDER, null, "0")), null, Duration.ZERO);
		assertThat(summary.spent()).isNull();
		assertThat(summary.saved()).isZero();
	}

	@Test
	void formatsNumbers() {
		assertThat(Format.time(Duration.ofMillis(999))).isEqualTo("999 ms");
		assertThat(Format.time(Duration.ofMillis(1234))).isEqualTo("1.23 s");
		assertThat(Format.time(Duration.ofMinutes(5))).isEqualTo("5 min 00 s");
		assertThat(Format.dollars(new BigDecimal("1234.5"))).isEqualTo("$1,234.5000");
		assertThat(Format.number(1_000_000)).isEqualTo("1,000,000");
	}

	private static InferenceResult result(Source source, @Nullable String cost, String savedCost) {
		InferenceResponse response = new InferenceResponse("p", "m", source,
				List.of(new Sample(ChatMessage.assistant("Because."), FinishReason.STOP, "stop", null)), Usage.of(1, 1),
				(cost != null) ? new BigDecimal(cost) : null, new BigDecimal(savedCost), RawBody.of("{}"), null,
				Instant.EPOCH, Duration.ZERO, Duration.ZERO, List.of());
		return new InferenceResult(REQUEST, response, null);
	}

	private String output() {
		return this.bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
	}

}
