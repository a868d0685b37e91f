package io.github.llmcache.inference;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.github.llmcache.CacheControl;
import io.github.llmcache.CacheMode;
import io.github.llmcache.EmbeddingRequest;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.ModerationRequest;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ProviderProtocol;
import io.github.llmcache.provider.ProviderRouter;
import io.github.llmcache.provider.openai.OpenAiChatProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What makes two texts the same and what makes them different, from the typed request to
 * the key.
 */
class TextKeyContractTests {

	private static final List<ProviderProtocol> PROTOCOLS = List.of(new OpenAiChatProtocol());

	private static final ProviderRouter ROUTER = new ProviderRouter(
			List.of(ProviderDefinition.builder("openai", PROTOCOLS).apiKey("key").build()));

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void mustDiffer(String difference, UnaryOperator<EmbeddingRequest.Builder> first, String firstText,
			UnaryOperator<EmbeddingRequest.Builder> second, String secondText) {
		assertThat(key("m", first, firstText)).isNotEqualTo(key("m", second, secondText));
	}

	static Stream<Arguments> mustDiffer() {
		UnaryOperator<EmbeddingRequest.Builder> plain = (builder) -> builder;
		UnaryOperator<EmbeddingRequest.Builder> short256 = (builder) -> builder.dimensions(256);
		UnaryOperator<EmbeddingRequest.Builder> short512 = (builder) -> builder.dimensions(512);
		UnaryOperator<EmbeddingRequest.Builder> user = (builder) -> builder.parameter("user", "u");
		UnaryOperator<EmbeddingRequest.Builder> namespace = (builder) -> builder
			.cacheControl(CacheControl.DEFAULT.withNamespace("other"));
		return Stream.of(Arguments.of("text", plain, "a", plain, "b"),
				Arguments.of("a space at the end", plain, "a", plain, "a "),
				Arguments.of("composed or decomposed characters", plain, "\u00e9", plain, "e\u0301"),
				Arguments.of("a text that looks like two", plain, "a\",\"b", plain, "a"),
				Arguments.of("dimensions absent or given", plain, "a", short256, "a"),
				Arguments.of("dimensions", short512, "a", short256, "a"),
				Arguments.of("parameter", plain, "a", user, "a"),
				Arguments.of("namespace", plain, "a", namespace, "a"));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void mustBeEqual(String difference, UnaryOperator<EmbeddingRequest.Builder> other) {
		assertThat(key("m", other, "a")).isEqualTo(key("m", (builder) -> builder, "a"));
	}

	static Stream<Arguments> mustBeEqual() {
		return Stream.of(equal("other texts", (builder) -> builder.texts("b", "a")),
				equal("texts of a call", (builder) -> builder.textsPerCall(7)),
				equal("a parameter that is null", (builder) -> builder.parameter("user", null)),
				equal("what is asked of the cache",
						(builder) -> builder.cacheControl(CacheControl.DEFAULT.withNoCache())),
				equal("the provider by its name", (builder) -> builder.provider("openai")));
	}

	private static Arguments equal(String name, UnaryOperator<EmbeddingRequest.Builder> other) {
		return Arguments.of(name, other);
	}

	@Test
	void modelAndOperationTellTextsApart() {
		assertThat(key("m", (builder) -> builder, "a")).isNotEqualTo(key("n", (builder) -> builder, "a"));
		assertThat(moderationKey("m", "a")).isNotEqualTo(moderationKey("n", "a"))
			.isNotEqualTo(key("m", (builder) -> builder, "a"));
		assertThat(key("m", (builder) -> builder, "a"))
			.isNotEqualTo(new CallPlanner(ROUTER, new CacheDefaults("", CacheMode.READ_WRITE))
				.plan(InferenceRequest.builder("m").provider("openai").user("a").build())
				.cacheRequest()
				.key());
	}

	/**
	 * Keys that must never change: users' money is stored under them.
	 */
	@Test
	void keysAreFrozen() {
		CacheKey question = key("text-embedding-3-small", (builder) -> builder, "Capital of France?");
		CacheKey unicode = key("text-embedding-3-large", (builder) -> builder.dimensions(256).parameter("user", "u"),
				"\u00e9 e\u0301 \ud83d\ude00 \ud800 \0");
		CacheKey moderation = moderationKey("omni-moderation-latest", "Capital of France?");
		assertThat(Stream.of(question, unicode, moderation).map(CacheKey::hex)).containsExactly(
				"86f9c93b06e3d0c3980f7d3934294090e6eb530d46ce67014facfbe7ca395cdb",
				"168395be4667ca72be6987ae6403fe5ea5d3e1362c817bb6a473bf25326e22d8",
				"58b48b778bfe4db554dfa8cb75173b3d5e7a818234cbaa9a710dc403e1e9e4f6");
	}

	private static CacheKey key(String model, UnaryOperator<EmbeddingRequest.Builder> customizer, String text) {
		TextPlanner planner = new TextPlanner(ROUTER, new CacheDefaults("", CacheMode.READ_WRITE));
		EmbeddingRequest.Builder builder = EmbeddingRequest.builder(model).provider("openai").texts(text);
		return planner.cacheRequest(planner.plan(customizer.apply(builder).build()), text).key();
	}

	private static CacheKey moderationKey(String model, String text) {
		TextPlanner planner = new TextPlanner(ROUTER, new CacheDefaults("", CacheMode.READ_WRITE));
		return planner
			.cacheRequest(planner.plan(ModerationRequest.builder(model).provider("openai").texts(text).build()), text)
			.key();
	}

}
