package io.github.llmcache.inference;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import io.github.llmcache.CacheControl;
import io.github.llmcache.CacheMissException;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResponse.Source;
import io.github.llmcache.InferenceResult;
import io.github.llmcache.InvalidSamplesException;
import io.github.llmcache.Sample;
import io.github.llmcache.Validity;
import io.github.llmcache.Validity.WhenTooFew;
import io.github.llmcache.provider.Reply;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link ValidSamples}, over real HTTP and a real database. The answers of the
 * model are the numbers from 0.
 */
class ValidSamplesTests extends AbstractInferenceTests {

	private static final Predicate<Sample> ODD = (sample) -> Integer.parseInt(sample.text()) % 2 == 1;

	private static final Predicate<Sample> NONE = (sample) -> false;

	private final AtomicInteger answers = new AtomicInteger();

	@BeforeEach
	void count() {
		this.fixture.standIn.answer((received) -> Reply.ok("""
				{"type": "message", "role": "assistant", "model": "claude-test", "stop_reason": "end_turn",
				  "content": [{"type": "text", "text": "%d"}], "usage": {"input_tokens": 10, "output_tokens": 1}}"""
			.formatted(this.answers.getAndIncrement())));
	}

	@Test
	void furtherAnswersAreMadeUntilThereAreEnough() {
		InferenceResponse response = infer(builder().n(3).isValid(ODD));
		assertThat(response.samples()).hasSize(3).allMatch(ODD);
		assertThat(response.source()).isEqualTo(Source.PROVIDER);
		assertThat(this.answers.get()).isBetween(6, 7);
		int made = this.answers.get();
		assertThat(response.usage().inputTokens()).isEqualTo(10L * made);
		assertThat(nanos(response)).isEqualTo(this.fixture.statistics().spentNanos());
		assertThat(ODD.test(new Sample(response.message(), response.finishReason(), null, null))).isTrue();
		assertThat(response.raw()).contains("\"text\": \"" + response.text() + "\"");
		this.fixture.restart();
		InferenceResponse again = infer(builder().n(3).isValid(ODD));
		assertThat(again.samples()).isEqualTo(response.samples());
		assertThat(again.source()).isEqualTo(Source.CACHE);
		assertThat(again.usage()).isEqualTo(response.usage());
		assertThat(again.cost()).isZero();
		assertThat(again.savedCost()).isEqualTo(response.cost());
		assertThat(this.answers).hasValue(made);
	}

	@Test
	void anInvalidAnswerReplacesNoValidOneEvenIfTheCacheIsNotAsked() {
		Predicate<Sample> even = ODD.negate();
		assertThat(infer(builder().isValid(even)).text()).isEqualTo("0");
		InferenceRequest.Builder asked = builder().isValid(even)
			.whenTooFew(WhenTooFew.ERROR)
			.cacheControl(CacheControl.DEFAULT.withNoCache());
		assertThatExceptionOfType(InvalidSamplesException.class).isThrownBy(() -> infer(asked));
		assertThat(infer(builder().isValid(even)).text()).isEqualTo("0");
		assertThat(infer(asked).text()).isEqualTo("2");
		assertThat(infer(builder().isValid(even)).text()).isEqualTo("2");
		assertThat(this.answers).hasValue(3);
	}

	@Test
	void answersThatAreStoredAreCheckedAndKeepTheirPlaces() {
		infer(builder());
		assertThat(infer(builder().isValid(ODD)).text()).isEqualTo("1");
		assertThat(this.answers).hasValue(2);
		assertThat(infer(builder()).text()).isEqualTo("0");
		assertThat(infer(builder().isValid(ODD)).cached()).isTrue();
		assertThat(infer(builder().isValid(ODD.negate())).text()).isEqualTo("0");
		assertThat(infer(builder().isValid((sample) -> sample.text().equals("2"))).text()).isEqualTo("2");
		assertThat(this.answers).hasValue(3);
	}

	@Test
	void candidatesAreMadeAtOnce() {
		infer(builder());
		InferenceResponse response = infer(
				builder().n(2).numCandidatesPerCompletion(3).isValid(ODD).whenTooFew(WhenTooFew.ERROR));
		assertThat(this.answers).hasValue(6);
		assertThat(response.samples()).hasSize(2).allMatch(ODD);
		assertThat(response.usage().inputTokens()).isEqualTo(60);
		assertThat(response.savedCost()).isPositive();
	}

	@Test
	void tooFewAreAnError() {
		assertThatExceptionOfType(InvalidSamplesException.class)
			.isThrownBy(() -> infer(builder().n(5).isValid(ODD).whenTooFew(WhenTooFew.ERROR)))
			.withMessageContaining("Only 2 of the 5")
			.satisfies((ex) -> assertThat(ex.getWanted()).isEqualTo(5))
			.satisfies((ex) -> assertThat(ex.getValid()).isEqualTo(2));
		assertThat(this.answers).hasValue(5);
		assertThatExceptionOfType(InvalidSamplesException.class)
			.isThrownBy(() -> infer(builder().n(5).isValid(ODD).whenTooFew(WhenTooFew.ERROR)));
		assertThat(this.answers).hasValue(5);
	}

	@Test
	void tooFewAreFewer() {
		assertThat(infer(builder().n(5).isValid(ODD).whenTooFew(WhenTooFew.CONTINUE)).samples()).hasSize(2)
			.allMatch(ODD);
		assertThatExceptionOfType(InvalidSamplesException.class)
			.isThrownBy(() -> infer(builder().n(5).isValid(NONE).whenTooFew(WhenTooFew.CONTINUE)));
		assertThat(this.answers).hasValue(5);
	}

	@Test
	void tooFewAreFollowedByInvalidOnes() {
		List<Sample> samples = infer(builder().n(5).isValid(ODD).whenTooFew(WhenTooFew.PAD)).samples();
		assertThat(samples).hasSize(5).doesNotHaveDuplicates();
		assertThat(samples.subList(0, 2)).allMatch(ODD);
		assertThat(samples.subList(2, 5)).noneMatch(ODD);
		assertThat(infer(builder().n(2).isValid(NONE).whenTooFew(WhenTooFew.PAD)).samples()).hasSize(2);
	}

	@Test
	void attemptsAreBounded() {
		Validity validity = new Validity(NONE, 2, WhenTooFew.RETRY, 4);
		assertThatExceptionOfType(InvalidSamplesException.class)
			.isThrownBy(() -> infer(builder().n(3).validity(validity)));
		assertThat(this.answers).hasValue(24);
		assertThatExceptionOfType(InvalidSamplesException.class)
			.isThrownBy(() -> infer(builder().n(3).validity(validity)));
		assertThat(this.answers).hasValue(24);
	}

	@Test
	void particularSampleIsCountedAmongTheValid() {
		InferenceResponse three = infer(builder().n(3).isValid(ODD));
		int made = this.answers.get();
		for (int i = 0; i < 3; i++) {
			assertThat(infer(builder().sample(i).isValid(ODD)).samples()).containsExactly(three.samples().get(i));
		}
		assertThat(this.answers).hasValue(made);
	}

	@Test
	void onlyTheCacheIsAskedIfNothingElseIsAllowed() {
		infer(builder().n(2));
		CacheControl onlyIfCached = CacheControl.DEFAULT.withOnlyIfCached();
		assertThat(infer(builder().isValid(ODD.negate()).cacheControl(onlyIfCached)).samples()).hasSize(1);
		assertThatExceptionOfType(CacheMissException.class)
			.isThrownBy(() -> infer(builder().isValid(NONE).cacheControl(onlyIfCached)));
		assertThat(this.answers).hasValue(2);
	}

	@Test
	void askingAgainAddsIfTheFirstAnswerIsInvalid() {
		infer(builder().n(3));
		InferenceResponse response = infer(builder().isValid((sample) -> sample.text().equals("5"))
			.cacheControl(CacheControl.DEFAULT.withNoCache()));
		assertThat(response.text()).isEqualTo("5");
		assertThat(this.answers).hasValue(6);
		assertThat(infer(builder().n(6)).samples()).extracting(Sample::text)
			.containsExactlyInAnyOrder("0", "1", "2", "3", "4", "5");
		assertThat(this.answers).hasValue(6);
	}

	@Test
	void answersThatAreNotStoredAreNotMadeTwice() {
		assertThat(infer(builder().isValid((sample) -> sample.text().equals("4"))
			.cacheControl(CacheControl.DEFAULT.withNoStore())).text()).isEqualTo("4");
		assertThat(this.answers).hasValue(5);
		assertThat(infer(builder()).text()).isEqualTo("5");
	}

	@Test
	void predicateThatThrowsLosesNothing() {
		assertThatIllegalStateException().isThrownBy(() -> infer(builder().n(3).isValid((sample) -> {
			throw new IllegalStateException("mine");
		}))).withMessage("mine");
		assertThat(infer(builder().n(3)).cached()).isTrue();
	}

	@Test
	@Timeout(60)
	void checkedExceptionOfAPredicateIsAFailureLikeOthers() {
		InferenceRequest request = builder().isValid((sample) -> ValidSamplesTests.<RuntimeException>fail()).build();
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> this.fixture.api.infer(request));
		assertThat(this.fixture.observer.requests()).hasSize(1);
		assertThat(this.fixture.api.inferAll(List.of(request))).singleElement()
			.satisfies((result) -> assertThat(result.failure()).hasCauseInstanceOf(IOException.class)
				.hasMessage("The request failed unexpectedly: java.io.IOException"));
		assertThat(this.fixture.observer.requests()).hasSize(2);
	}

	/**
	 * Throws a checked exception as languages do that have none.
	 */
	@SuppressWarnings("unchecked")
	private static <E extends Exception> boolean fail() throws E {
		throw (E) new IOException("mine");
	}

	@Test
	void predicateMayAskTheSame() {
		InferenceResponse response = infer(
				builder().isValid((sample) -> infer(builder().n(2)).samples().get(1).equals(sample)));
		assertThat(response.text()).isEqualTo("1");
	}

	@Test
	void manyTogether() {
		List<InferenceResult> results = this.fixture.api
			.inferAll(IntStream.range(0, 20).mapToObj((i) -> builder().sample(i % 4).isValid(ODD).build()).toList());
		List<Sample> samples = results.stream().map((result) -> result.orElseThrow().samples().get(0)).toList();
		assertThat(samples.subList(0, 4)).doesNotHaveDuplicates().allMatch(ODD);
		assertThat(samples.subList(4, 8)).isEqualTo(samples.subList(0, 4));
		assertThat(infer(builder().n(this.answers.get())).cached()).isTrue();
		assertThat(results.stream().mapToLong((result) -> nanos(result.orElseThrow())).sum())
			.isEqualTo(this.fixture.statistics().spentNanos());
	}

	@ParameterizedTest
	@EnumSource
	void enoughAreEnough(WhenTooFew whenTooFew) {
		assertThat(infer(builder().n(2).isValid((sample) -> true).whenTooFew(whenTooFew)).samples()).hasSize(2);
		assertThat(this.answers).hasValue(2);
	}

	@Test
	void tooManyCandidatesAreRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> builder().n(100).isValid(ODD).numCandidatesPerCompletion(50).build())
			.withMessageContaining("4096");
	}

	private InferenceResponse infer(InferenceRequest.Builder request) {
		return this.fixture.api.infer(request.build());
	}

	private static InferenceRequest.Builder builder() {
		return InferenceRequest.builder("claude-test").user("A number, please.");
	}

	private static long nanos(InferenceResponse response) {
		return Objects.requireNonNull(response.cost()).movePointRight(9).longValueExact();
	}

}
