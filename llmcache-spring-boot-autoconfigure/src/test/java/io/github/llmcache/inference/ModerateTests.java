package io.github.llmcache.inference;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import io.github.llmcache.CacheControl;
import io.github.llmcache.CacheMissException;
import io.github.llmcache.InvalidRequestException;
import io.github.llmcache.MalformedResponseException;
import io.github.llmcache.Moderation;
import io.github.llmcache.ModerationRequest;
import io.github.llmcache.ModerationResponse;
import io.github.llmcache.provider.Reply;
import io.github.llmcache.provider.StandInTexts;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for moderations, over real HTTP and a real database.
 */
class ModerateTests extends AbstractInferenceTests {

	private static final String MODEL = "omni-moderation-latest";

	@Test
	void answersAreInTheOrderOfTheTextsAndReplayed() {
		List<String> texts = List.of("hello", "I will kill you", "hello");
		ModerationResponse first = this.fixture.api.moderate(MODEL, texts);
		this.fixture.restart();
		ModerationResponse second = this.fixture.api.moderate(MODEL, texts);
		assertThat(first.moderations()).extracting(Moderation::flagged).containsExactly(false, true, false);
		assertThat(first.moderations().get(1).scores()).containsEntry("violence", 0.9182);
		assertThat(first.moderations().get(1).categories()).containsEntry("violence", true);
		assertThat(second.moderations()).isEqualTo(first.moderations());
		assertThat(second.hits()).isEqualTo(3);
		assertThat(this.fixture.standIn.requestCount()).isOne();
		assertThat(asked(0)).containsExactly("hello", "I will kill you");
	}

	@Test
	void oneNewTextIsAskedForAlone() {
		this.fixture.api.moderate(MODEL, List.of("one", "two"));
		ModerationResponse response = this.fixture.api.moderate(MODEL, List.of("one", "kill"));
		assertThat(response.moderations()).extracting(Moderation::flagged).containsExactly(false, true);
		assertThat(response.hits()).isOne();
		assertThat(asked(1)).containsExactly("kill");
	}

	@Test
	void modelTellsTextsApart() {
		this.fixture.api.moderate(MODEL, List.of("one"));
		assertThat(this.fixture.api.moderate("omni-moderation-2024-09-26", List.of("one")).misses()).isOne();
	}

	@Test
	void moderationIsFreeAndThatIsKnown() {
		ModerationResponse first = this.fixture.api.moderate(MODEL, List.of("one"));
		ModerationResponse second = this.fixture.api.moderate(MODEL, List.of("one"));
		assertThat(first.cost()).isZero();
		assertThat(second.savedCost()).isZero();
		assertThat(this.fixture.statistics().unpricedCalls()).isZero();
		assertThat(this.fixture.statistics().hits()).isOne();
	}

	@Test
	void costOfAModelThatIsNotFreeIsUnknown() {
		assertThat(this.fixture.api.moderate("gpt-test", List.of("one")).cost()).isNull();
		assertThat(this.fixture.statistics().unpricedCalls()).isOne();
	}

	@Test
	void textsAreSplit() {
		List<String> texts = IntStream.range(0, 100).mapToObj((i) -> (i % 7 == 0) ? "kill " + i : "text " + i).toList();
		ModerationResponse response = this.fixture.api.moderate(MODEL, texts);
		assertThat(response.moderations()).extracting(Moderation::flagged)
			.isEqualTo(texts.stream().map((text) -> text.contains("kill")).toList());
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(4);
		assertThat(this.fixture.standIn.requests())
			.allSatisfy((request) -> assertThat(request.json().path("input").size())
				.isLessThanOrEqualTo(StandInTexts.MAX_MODERATED));
		assertThat(this.fixture.api.moderate(request(texts.subList(20, 60), (builder) -> builder.textsPerCall(5)))
			.misses()).isZero();
	}

	@Test
	void cacheControlIsObeyed() {
		assertThatExceptionOfType(CacheMissException.class).isThrownBy(() -> this.fixture.api.moderate(
				request(List.of("one"), (builder) -> builder.cacheControl(CacheControl.DEFAULT.withOnlyIfCached()))));
		this.fixture.api
			.moderate(request(List.of("one"), (builder) -> builder.cacheControl(CacheControl.DEFAULT.withNoStore())));
		assertThat(this.fixture.api.moderate(MODEL, List.of("one")).misses()).isOne();
		assertThat(this.fixture.api
			.moderate(request(List.of("one"), (builder) -> builder.cacheControl(CacheControl.DEFAULT.withNoCache())))
			.misses()).isOne();
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(3);
	}

	@Test
	void answersThatCannotBePlacedAreTriedAgainAndNeverStored() {
		this.fixture.standIn.answer((received) -> Reply
			.ok("{\"results\": [{\"flagged\": false, \"categories\": {}, \"category_scores\": {}}]}"));
		assertThatExceptionOfType(MalformedResponseException.class)
			.isThrownBy(() -> this.fixture.api.moderate(MODEL, List.of("one", "two")));
		assertThat(this.fixture.standIn.requestCount()).isEqualTo(3);
		this.fixture.standIn.answer((received) -> null);
		assertThat(this.fixture.api.moderate(MODEL, List.of("one", "two")).misses()).isEqualTo(2);
	}

	@Test
	void providerWithoutModerationSaysSo() {
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.fixture.api.moderate("claude-test", List.of("one")))
			.withMessageContaining("no moderation");
	}

	@Test
	void noTextsAreNoCall() {
		assertThat(this.fixture.api.moderate(MODEL, List.of()).moderations()).isEmpty();
		assertThat(this.fixture.standIn.requestCount()).isZero();
	}

	private List<String> asked(int call) {
		return this.fixture.standIn.requests()
			.get(call)
			.json()
			.path("input")
			.valueStream()
			.map(JsonNode::asString)
			.toList();
	}

	private static ModerationRequest request(List<String> texts, UnaryOperator<ModerationRequest.Builder> customizer) {
		return customizer.apply(ModerationRequest.builder(MODEL).texts(texts)).build();
	}

}
