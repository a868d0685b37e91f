package io.github.llmcache.sample;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

import io.github.llmcache.InferenceApi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

@ExtendWith(OutputCaptureExtension.class)
class QuestionsRunTests {

	private final InferenceApi inference = mock(InferenceApi.class);

	@Test
	@Timeout(30)
	void stopsWhenTheTimeIsUp(CapturedOutput output) throws Exception {
		CountDownLatch interrupted = new CountDownLatch(1);
		given(this.inference.inferAll(any(), any())).willAnswer((invocation) -> {
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				interrupted.countDown();
			}
			throw new IllegalStateException("stopped");
		});
		run(Duration.ofSeconds(2)).run(new DefaultApplicationArguments());
		interrupted.await();
		assertThat(output).contains("Not finished within 2.00 s ('sample.time-limit')").contains("/ask?q=");
	}

	@Test
	void failsTheStartIfItFails() {
		given(this.inference.inferAll(any(), any())).willThrow(new IllegalStateException("broken"));
		assertThatIllegalStateException()
			.isThrownBy(() -> run(Duration.ofMinutes(1)).run(new DefaultApplicationArguments()))
			.withMessage("broken");
	}

	private QuestionsRun run(Duration timeLimit) {
		return new QuestionsRun(this.inference, new ModelChoice("m", "because"),
				new StaticListableBeanFactory().getBeanProvider(StandInProvider.class),
				new SampleProperties(null, false, true, timeLimit), new MockEnvironment());
	}

}
