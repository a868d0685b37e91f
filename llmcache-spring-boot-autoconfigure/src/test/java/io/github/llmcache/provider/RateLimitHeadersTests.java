package io.github.llmcache.provider;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

import io.github.llmcache.MalformedResponseException;
import io.github.llmcache.RateLimitException;
import io.github.llmcache.provider.RateLimitStatus.Remaining;
import io.github.llmcache.provider.openai.OpenAiChatProtocol;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.http.HttpHeaders;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RateLimitHeaders}.
 */
class RateLimitHeadersTests {

	private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

	private final HttpHeaders headers = new HttpHeaders();

	@Test
	void headersOfOpenAiAreRead() {
		add("X-RateLimit-Limit-Requests", "5000").add("x-ratelimit-remaining-requests", "4999")
			.add("x-ratelimit-reset-requests", "12ms")
			.add("x-ratelimit-limit-tokens", "160000")
			.add("x-ratelimit-remaining-tokens", "0")
			.add("x-ratelimit-reset-tokens", "1m0s");
		assertThat(read()).isEqualTo(new RateLimitStatus(new Remaining(5000, 4999, Duration.ofMillis(12)),
				new Remaining(160_000, 0, Duration.ofMinutes(1)), null, null));
	}

	@Test
	void headersOfAnthropicAreReadByItsOwnClock() {
		add("Date", "Mon, 01 Jun 2026 12:00:00 GMT").add("anthropic-ratelimit-requests-limit", "50")
			.add("anthropic-ratelimit-requests-remaining", "49")
			.add("anthropic-ratelimit-requests-reset", "2026-06-01T12:00:01Z")
			.add("anthropic-ratelimit-tokens-limit", "100000")
			.add("anthropic-ratelimit-tokens-remaining", "99000")
			.add("anthropic-ratelimit-tokens-reset", "2026-06-01T12:00:00Z")
			.add("anthropic-ratelimit-input-tokens-limit", "80000")
			.add("anthropic-ratelimit-input-tokens-remaining", "79000")
			.add("anthropic-ratelimit-input-tokens-reset", "2026-06-01T11:59:59Z")
			.add("anthropic-ratelimit-output-tokens-limit", "20000")
			.add("anthropic-ratelimit-output-tokens-remaining", "10000")
			.add("anthropic-ratelimit-output-tokens-reset", "2026-06-01T14:00:30+02:00");
		assertThat(read()).isEqualTo(new RateLimitStatus(new Remaining(50, 49, Duration.ofSeconds(1)),
				new Remaining(100_000, 99_000, Duration.ZERO), new Remaining(80_000, 79_000, Duration.ZERO),
				new Remaining(20_000, 10_000, Duration.ofSeconds(30))));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "yesterday" })
	void instantIsComparedWithOurClockWithoutADate(String date) {
		add("Date", date).add("anthropic-ratelimit-requests-limit", "50")
			.add("anthropic-ratelimit-requests-remaining", "0")
			.add("anthropic-ratelimit-requests-reset", "2026-01-01T00:01:00Z");
		assertThat(read().requests()).isEqualTo(new Remaining(50, 0, Duration.ofMinutes(1)));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			1s           | PT1S
			6m0s         | PT6M
			120ms        | PT0.12S
			8.64s        | PT8.64S
			1h2m3s       | PT1H2M3S
			17us         | PT0.000017S
			1d           | PT24H
			0s           | PT0S
			2.5          | PT2.5S
			' 7m12s '    | PT7M12S
			''           |
			-1s          |
			1            | PT1S
			NaN          |
			Infinity     |
			1e9s         |
			1s2          |
			s            |
			1 s          |
			1s,1s        |
			soon         |
			999999999h   |
			999999999999 |
			""")
	void durationIsRead(String header, @Nullable Duration expected) {
		add("x-ratelimit-limit-requests", "10").add("x-ratelimit-remaining-requests", "3")
			.add("x-ratelimit-reset-requests", header);
		assertThat(read().requests()).isEqualTo(new Remaining(10, 3, expected));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "never", "+1000000000-12-31T23:59:59Z", "2026-13-01T00:00:00Z", "2099-01-01T00:00:00Z",
			"1767225600" })
	void instantThatMakesNoSenseIsLeftOut(String header) {
		add("anthropic-ratelimit-requests-limit", "50").add("anthropic-ratelimit-requests-remaining", "0")
			.add("anthropic-ratelimit-requests-reset", header);
		assertThat(read().requests()).isEqualTo(new Remaining(50, 0, null));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			0                    | 0
			-1                   | -1
			10                   | -1
			-10                  | 1
			NaN                  | 1
			10                   | many
			1e3                  | 10
			99999999999999999999 | 1
			10                   | 99999999999999999999
			10                   | ''
			''                   | 10
			""")
	void countThatMakesNoSenseIsLeftOut(String limit, String remaining) {
		add("x-ratelimit-limit-requests", limit).add("x-ratelimit-remaining-requests", remaining)
			.add("anthropic-ratelimit-tokens-limit", limit)
			.add("anthropic-ratelimit-tokens-remaining", remaining);
		assertThat(read()).isEqualTo(RateLimitStatus.UNKNOWN);
	}

	@Test
	void moreThanTheLimitIsTheLimit() {
		add("x-ratelimit-limit-requests", "10").add("x-ratelimit-remaining-requests", "999");
		assertThat(read().requests()).isEqualTo(new Remaining(10, 10, null));
	}

	@Test
	void noHeadersSayNothing() {
		assertThat(read()).isEqualTo(RateLimitStatus.UNKNOWN);
	}

	@Test
	void everyResponseIsReported() {
		try (StandInProvider standIn = StandInProvider.start();
				ProviderClient client = new ProviderClient(RestClient::builder, ClientHttpRequestFactoryBuilder.jdk(),
						HttpClientSettings.defaults(), 1000, Clock.systemUTC())) {
			standIn.enqueue(withHeaders(Reply.ok("{}")), withHeaders(Reply.rateLimited("1")),
					withHeaders(Reply.html(200)));
			ProviderDefinition provider = ProviderDefinition.builder("openai", List.of(new OpenAiChatProtocol()))
				.baseUrl(standIn.baseUrl().toString())
				.build();
			WireRequest request = new WireRequest("chat/completions", WireJson.NODES.objectNode(), "messages");
			List<RateLimitStatus> reported = new ArrayList<>();
			client.call(provider, request, reported::add);
			assertThatExceptionOfType(RateLimitException.class)
				.isThrownBy(() -> client.call(provider, request, reported::add));
			assertThatExceptionOfType(MalformedResponseException.class)
				.isThrownBy(() -> client.call(provider, request, reported::add));
			assertThat(reported).hasSize(3)
				.extracting(RateLimitStatus::requests)
				.containsOnly(new Remaining(10, 0, Duration.ofMillis(5)));
		}
	}

	private static Reply withHeaders(Reply reply) {
		return reply.header("x-ratelimit-limit-requests", "10")
			.header("x-ratelimit-remaining-requests", "0")
			.header("x-ratelimit-reset-requests", "5ms");
	}

	private RateLimitHeadersTests add(String name, String value) {
		this.headers.add(name, value);
		return this;
	}

	private RateLimitStatus read() {
		return RateLimitHeaders.read(this.headers, InstantSource.fixed(NOW));
	}

}
