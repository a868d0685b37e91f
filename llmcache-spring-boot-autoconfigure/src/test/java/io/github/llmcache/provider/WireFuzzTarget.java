package io.github.llmcache.provider;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

import io.github.llmcache.cache.FuzzData;

import org.springframework.http.HttpHeaders;

/**
 * Whatever the headers of a response and the lines of a file of results are, they are
 * read or left out.
 */
public final class WireFuzzTarget {

	private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);

	private static final List<String> NAMES = List.of("x-ratelimit-limit-requests", "x-ratelimit-remaining-requests",
			"x-ratelimit-reset-requests", "anthropic-ratelimit-tokens-limit", "anthropic-ratelimit-tokens-remaining",
			"anthropic-ratelimit-tokens-reset", "retry-after", "retry-after-ms", "date", "x-request-id",
			"content-type");

	private static final int MAX_LINE = 64;

	private WireFuzzTarget() {
	}

	public static void fuzzerTestOneInput(byte[] input) throws IOException {
		FuzzData data = new FuzzData(input);
		if (data.next() % 2 == 0) {
			readHeaders(new String(data.rest(), StandardCharsets.ISO_8859_1));
		}
		else {
			readLines(data.rest());
		}
	}

	private static void readHeaders(String lines) {
		HttpHeaders headers = new HttpHeaders();
		String[] values = lines.split("\n", -1);
		for (int i = 0; i < values.length; i++) {
			headers.add(NAMES.get(i % NAMES.size()), values[i]);
		}
		RateLimitHeaders.read(headers, CLOCK);
		ResponseHeaders.retryAfter(headers, CLOCK);
		ResponseHeaders.requestId(headers);
		ResponseHeaders.isJson(headers);
	}

	private static void readLines(byte[] bytes) throws IOException {
		ByteArrayOutputStream kept = new ByteArrayOutputStream();
		LineReader reader = new LineReader(MAX_LINE, bytes.length, new BatchClient.LineHandler() {

			@Override
			public void line(byte[] line, boolean complete) {
				if (line.length > MAX_LINE) {
					throw new IllegalStateException("A line is longer than it may be");
				}
				kept.writeBytes(line);
			}

			@Override
			public void tooLong() {
				kept.write(0);
			}

		});
		try {
			reader.read(new ByteArrayInputStream(bytes));
		}
		catch (BrokenResponseException ex) {
			// Too much of it is no line
		}
		if (kept.size() > bytes.length) {
			throw new IllegalStateException("More was read than there is");
		}
	}

}
