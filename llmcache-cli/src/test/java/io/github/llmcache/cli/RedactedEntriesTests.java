package io.github.llmcache.cli;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheKeyHasher;
import io.github.llmcache.cache.CacheRequest;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.RequestRecord;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Entries in whose requests secrets were redacted are not damaged, and only the mark says
 * so.
 */
class RedactedEntriesTests {

	private final Verification verification = new Verification();

	@Test
	void keyOfARedactedRequestIsNotChecked() {
		check(",\"redacted\":true}");
		assertThat(this.verification.isFine()).isTrue();
		assertThat(this.verification.models()).singleElement()
			.satisfies((counts) -> assertThat(counts.withoutRequest()).isOne());
	}

	@Test
	void requestThatIsNotMarkedIsChecked() {
		check("}");
		check(",\"redacted\":false}");
		check(",\"redacted\":\"true\"}");
		check(",\"redacted\":1}");
		assertThat(this.verification.damages()).isEqualTo(4);
	}

	private void check(String end) {
		ObjectNode body = JsonMapper.shared().createObjectNode().put("prompt", "a secret");
		CacheRequest request = new CacheRequest("", "https://api.example.com", "completions", "m", body, "prompt",
				new CacheKeyHasher());
		CacheKey key = request.key();
		RequestRecord record = RequestRecord.of(request);
		String json = new String(record.json(), StandardCharsets.UTF_8).replace("a secret", "[redacted x]");
		byte[] stored = (json.substring(0, json.length() - 1) + end).getBytes(StandardCharsets.UTF_8);
		CachedResponse response = new CachedResponse("{}".getBytes(StandardCharsets.UTF_8), 1, 1, 1, 1L, "STOP",
				Instant.EPOCH, Duration.ZERO, null);
		this.verification.check(key,
				() -> new CacheEntry(key, "", List.of(response), null, new RequestRecord(record.hashes(), stored)));
	}

}
