package io.github.llmcache.inference;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResponse.Source;
import io.github.llmcache.InferenceResult;
import io.github.llmcache.InvalidRequestException;
import io.github.llmcache.RateLimitException;
import io.github.llmcache.ToolCallback;
import io.github.llmcache.UnknownProviderException;
import io.github.llmcache.inference.RecordingObserver.EndedCall;
import io.github.llmcache.inference.RecordingObserver.EndedRequest;
import io.github.llmcache.provider.Reply;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static io.github.llmcache.inference.InferenceFixture.MODEL;
import static io.github.llmcache.inference.InferenceFixture.builder;
import static io.github.llmcache.inference.InferenceFixture.request;
import static io.github.llmcache.provider.StandInToolModel.call;
import static io.github.llmcache.provider.StandInToolModel.calling;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for what an {@link InferenceObserver} is told, over real HTTP and a real
 * database.
 */
class InferenceObserverTests extends AbstractInferenceTests {

	private static final Duration DELAY = Duration.ofMillis(20);

	@Test
	void missesAndHitsAreToldWithTheirDurations() {
		this.fixture.standIn.delay(DELAY);
		InferenceResponse miss = this.fixture.api.infer(request("Hello"));
		InferenceResponse hit = this.fixture.api.infer(request("Hello"));
		assertThat(requests()).containsExactly(new EndedRequest(MODEL, Source.PROVIDER, miss.duration()),
				new EndedRequest(MODEL, Source.CACHE, hit.duration()));
		assertThat(calls()).singleElement().satisfies((call) -> {
			assertThat(call.provider()).isEqualTo("openai");
			assertThat(call.model()).isEqualTo(MODEL);
			assertThat(call.failure()).isNull();
			assertThat(call.duration()).isBetween(DELAY, miss.duration());
		});
	}

	@Test
	void eachAttemptIsACallOfItsOwn() {
		this.fixture.standIn.enqueue(Reply.rateLimited("1"), Reply.ok("[]"));
		InferenceResponse response = this.fixture.api.infer(request("Hello"));
		assertThat(calls()).extracting(RecordingObserver::failureType)
			.containsExactly("RateLimitException", "MalformedResponseException", "none");
		assertThat(calls().get(0).failure()).isInstanceOf(RateLimitException.class);
		Duration calling = calls().stream().map(EndedCall::duration).reduce(Duration.ZERO, Duration::plus);
		assertThat(response.duration().minus(calling)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
	}

	@Test
	void failuresAreTold() {
		this.fixture.standIn.enqueue(Reply.openAiError(400, "invalid_request_error", null, "no"));
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.fixture.api.infer(request("Hello")));
		assertThatExceptionOfType(UnknownProviderException.class)
			.isThrownBy(() -> this.fixture.api.ask("unknown-model", "Hello"));
		assertThat(requests()).extracting(EndedRequest::model).containsExactly(MODEL, "unknown-model");
		assertThat(requests()).extracting(EndedRequest::source).containsOnlyNulls();
		assertThat(calls()).hasSize(1);
	}

	@Test
	void cancelledRequestsAreTold() {
		this.fixture.standIn.answer((received) -> Reply.ok("{}").after(new CountDownLatch(1)));
		var future = this.fixture.api.inferAsync(request("Hello"));
		Awaitility.await().until(() -> this.fixture.standIn.inFlight() == 1);
		future.cancel(true);
		Awaitility.await().until(() -> requests().size() == 1);
		assertThat(requests().get(0).source()).isNull();
		assertThat(calls()).extracting(RecordingObserver::failureType).containsExactly("InferenceCancelledException");
	}

	@Test
	void allOfManyRequestsAreTold() {
		this.fixture.api.infer(request("Question 0"));
		this.fixture.observer.clear();
		this.fixture.standIn.delay(DELAY)
			.answer((received) -> received.text().contains("Question 2")
					? Reply.openAiError(400, "invalid_request_error", null, "no") : null);
		List<InferenceResult> results = this.fixture.api
			.inferAll(List.of(request("Question 0"), request("Question 1"), request("Question 1"),
					request("Question 2"), InferenceRequest.builder("unknown-model").user("Hello").build()));
		assertThat(requests()).extracting(EndedRequest::source)
			.containsExactlyInAnyOrder(Source.CACHE, Source.PROVIDER, Source.COALESCED, null, null);
		assertThat(requests()).filteredOn((request) -> request.source() == Source.PROVIDER)
			.containsExactly(new EndedRequest(MODEL, Source.PROVIDER, results.get(1).orElseThrow().duration()));
		assertThat(requests()).filteredOn((request) -> request.source() == null && request.model().equals(MODEL))
			.singleElement()
			.satisfies((request) -> assertThat(request.duration()).isGreaterThanOrEqualTo(DELAY));
		assertThat(calls()).hasSize(2);
	}

	@Test
	void turnsAreCallsButNoRequests() {
		this.fixture.standIn.answer(calling(List.of(call("time", "{}"))));
		InferenceRequest request = builder("Hello")
			.tools(ToolCallback.of("time", "The time", "{\"type\":\"object\"}", (arguments) -> "noon"))
			.build();
		this.fixture.api.infer(request);
		this.fixture.api.inferAll(List.of(request));
		assertThat(requests()).extracting(EndedRequest::source).containsExactly(Source.PROVIDER, Source.CACHE);
		assertThat(calls()).hasSize(2);
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void whatAnObserverThrowsIsNobodysFailure(CapturedOutput output) {
		this.fixture.observer.fail();
		assertThat(this.fixture.api.infer(request("Hello")).source()).isEqualTo(Source.PROVIDER);
		assertThat(this.fixture.api.infer(request("Hello")).source()).isEqualTo(Source.CACHE);
		assertThat(this.fixture.api.inferAll(List.of(request("Hello"), request("Hello?"), request("Hello?"))))
			.allMatch(InferenceResult::succeeded);
		assertThatExceptionOfType(UnknownProviderException.class)
			.isThrownBy(() -> this.fixture.api.ask("unknown-model", "Hello"));
		assertThat(this.fixture.statistics().spentNanos()).isPositive();
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(2);
		assertThat(requests()).hasSize(6);
		assertThat(output).containsOnlyOnce(RecordingObserver.class.getName()).doesNotContain("Cannot keep");
	}

	private List<EndedRequest> requests() {
		return this.fixture.observer.requests();
	}

	private List<EndedCall> calls() {
		return this.fixture.observer.calls();
	}

}
