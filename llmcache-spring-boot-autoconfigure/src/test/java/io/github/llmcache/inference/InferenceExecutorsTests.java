package io.github.llmcache.inference;

import java.util.concurrent.ExecutorService;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link InferenceExecutors}.
 */
class InferenceExecutorsTests {

	private final InheritableThreadLocal<String> user = new InheritableThreadLocal<>();

	@Test
	void threadsKeepNothingOfAnEarlierCaller() throws Exception {
		ExecutorService executor = InferenceExecutors.create(1);
		try {
			this.user.set("first");
			executor.submit(this.user::get).get();
			this.user.set("second");
			assertThat(executor.submit(this.user::get).get()).isNotEqualTo("first");
		}
		finally {
			this.user.remove();
			executor.shutdown();
		}
	}

}
