package io.github.llmcache.cache;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link CacheKeyHasher}.
 */
class CacheKeyHasherTests {

	private final CacheKeyHasher hasher = new CacheKeyHasher();

	@Test
	void requestThatFailsHalfWayLeavesNothingBehind() {
		CacheRequest request = request("Hello");
		CacheRequest failing = request("A request that is long enough to leave something".repeat(1000));
		failing.body().put("temperature", new BigDecimal("1E+2147483647").multiply(BigDecimal.TEN.pow(100)));
		String expected = key(request).hex();
		long fingerprint = key(request).fingerprint();
		for (int i = 0; i < 3; i++) {
			assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> key(failing).hex());
			assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> key(failing).fingerprint());
			assertThat(key(request).hex()).isEqualTo(expected);
			assertThat(key(request).fingerprint()).isEqualTo(fingerprint);
		}
	}

	@Test
	void manyThreadsComputeWhatOneDoes() throws Exception {
		List<CacheRequest> requests = new ArrayList<>();
		for (int i = 0; i < 40; i++) {
			requests.add(request("\u00e9".repeat(20_000) + "?".repeat(i), String.valueOf(i)));
		}
		Callable<List<String>> compute = () -> requests.stream()
			.map((request) -> key(request).hex() + key(request).fingerprint())
			.toList();
		CacheKeyHasher another = new CacheKeyHasher();
		List<String> expected = requests.stream()
			.map((request) -> HexFormat.of().formatHex(another.hash(request).bytes()) + another.fingerprint(request))
			.toList();
		ExecutorService executor = Executors.newFixedThreadPool(8);
		try {
			for (Future<List<String>> result : executor.invokeAll(Collections.nCopies(40, compute))) {
				assertThat(result.get()).isEqualTo(expected);
			}
		}
		finally {
			executor.shutdown();
		}
	}

	@Test
	void messagesAreHashedApart() {
		byte[] both = this.hasher.hashMessages(request("one", "two"));
		byte[] first = this.hasher.hashMessages(request("one"));
		assertThat(both).hasSize(16).startsWith(first).endsWith(this.hasher.hashMessages(request("two")));
		assertThat(this.hasher.hashMessages(request())).isEmpty();
	}

	@Test
	void messagesThatAreNoListAreOne() {
		CacheRequest request = request();
		request.body().put("messages", "text");
		assertThat(this.hasher.hashMessages(request)).hasSize(8);
		request.body().remove("messages");
		assertThat(this.hasher.hashMessages(request)).isEmpty();
	}

	@Test
	void parametersAreAllButTheMessages() {
		CacheRequest request = request("one");
		byte[] hash = this.hasher.hashParameters(request);
		assertThat(this.hasher.hashParameters(request("two"))).isEqualTo(hash);
		request.body().put("seed", 1);
		assertThat(this.hasher.hashParameters(request)).hasSize(8).isNotEqualTo(hash);
	}

	/**
	 * A new key, for one computes its hashes only once.
	 */
	private static CacheKey key(CacheRequest request) {
		return CacheKey.of(request);
	}

	private CacheRequest request(String... messages) {
		ObjectNode body = JsonNodeFactory.instance.objectNode().put("model", "model");
		ArrayNode array = body.putArray("messages");
		List.of(messages).forEach(array::add);
		return new CacheRequest("", "endpoint", "operation", "model", body, "messages", this.hasher);
	}

}
