package io.github.llmcache.inference;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.github.llmcache.CacheControl;
import io.github.llmcache.CacheMissException;
import io.github.llmcache.CacheMode;
import io.github.llmcache.EmbeddingRequest;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse.Source;
import io.github.llmcache.InferenceResult;
import io.github.llmcache.MissExplanation;
import io.github.llmcache.MissExplanation.Outcome;
import io.github.llmcache.ModerationRequest;
import io.github.llmcache.NamespaceResolver;
import io.github.llmcache.ToolCallback;
import io.github.llmcache.cache.CacheStatistics.ModelStatistics;
import io.github.llmcache.cache.EntryFilter;
import io.github.llmcache.provider.StandInToolModel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.github.llmcache.inference.InferenceFixture.MODEL;
import static io.github.llmcache.inference.InferenceFixture.builder;
import static io.github.llmcache.inference.InferenceFixture.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link NamespaceResolver}: each thread is of a tenant, as with a security
 * context, and only the caller's is.
 */
class NamespaceResolverTests extends AbstractInferenceTests {

	private static final EmbeddingRequest TEXTS = EmbeddingRequest.builder("text-embedding-test")
		.texts(List.of("one", "two"))
		.build();

	private static final ModerationRequest MODERATED = ModerationRequest.builder("omni-moderation-test")
		.texts(List.of("one", "two"))
		.build();

	private final ThreadLocal<@Nullable String> tenant = new ThreadLocal<>();

	private final AtomicInteger asked = new AtomicInteger();

	@BeforeEach
	void resolve() {
		this.fixture.resolveNamespaces(this::namespace);
	}

	private String namespace(@Nullable String requested) {
		this.asked.incrementAndGet();
		String tenant = this.tenant.get();
		if (tenant == null) {
			throw new UnknownTenantException("Nobody is logged in");
		}
		if (requested != null && !requested.startsWith(tenant)) {
			throw new UnknownTenantException("That is of somebody else");
		}
		return (requested != null) ? requested : tenant;
	}

	private void as(@Nullable String tenant) {
		this.tenant.set(tenant);
	}

	@AfterEach
	void logOut() {
		this.tenant.remove();
	}

	@Test
	void everyWayInUsesTheNamespaceOfTheCaller() {
		for (String each : List.of("alice", "bob")) {
			as(each);
			assertThat(this.fixture.api.infer(request("infer")).source()).isEqualTo(Source.PROVIDER);
			assertThat(this.fixture.api.infer(request("infer")).source()).isEqualTo(Source.CACHE);
			assertThat(this.fixture.api.inferAsync(request("async")).join().source()).isEqualTo(Source.PROVIDER);
			assertThat(this.fixture.api.infer(request("async")).source()).isEqualTo(Source.CACHE);
			assertThat(sources(List.of(request("infer"), request("all")))).containsExactly(Source.CACHE,
					Source.PROVIDER);
			assertThat(sources(List.of(valid("valid"), valid("infer")))).containsExactly(Source.PROVIDER, Source.CACHE);
			assertThat(this.fixture.api.embed(TEXTS).misses()).isEqualTo(2);
			assertThat(this.fixture.api.embed(TEXTS).hits()).isEqualTo(2);
			assertThat(this.fixture.api.moderate(MODERATED).misses()).isEqualTo(2);
			assertThat(this.fixture.api.moderate(MODERATED).hits()).isEqualTo(2);
			assertThat(this.fixture.api.explain(request("all")).isHit()).isTrue();
		}
		ModelStatistics alice = this.fixture.cache.statistics("alice").total();
		assertThat(alice.hits()).isEqualTo(8);
		assertThat(alice.misses()).isEqualTo(8);
		assertThat(alice.writes()).isEqualTo(8);
		assertThat(alice.spentNanos()).isPositive();
		assertThat(this.fixture.cache.statistics("bob").total()).isEqualTo(alice);
		assertThat(this.fixture.statistics()).isEqualTo(alice.plus(alice));
		assertThat(this.fixture.cache.statistics("").models()).isEmpty();
	}

	private List<Source> sources(List<InferenceRequest> requests) {
		List<InferenceResult> results = this.fixture.api.inferAll(requests);
		assertThat(results).extracting(InferenceResult::request).isEqualTo(requests);
		return results.stream().map((result) -> result.orElseThrow().source()).toList();
	}

	private static InferenceRequest valid(String question) {
		return builder(question).isValid((sample) -> true).numCandidatesPerCompletion(1).build();
	}

	@Test
	void aStreamOfRequestsUsesTheNamespaceOfTheCaller() {
		List<InferenceRequest> requests = List.of(request("first"), with("alice/drafts"), request("second"));
		as("alice");
		List<InferenceResult> results = new ArrayList<>();
		this.fixture.api.inferEach(requests.stream(), results::add);
		assertThat(results).extracting(InferenceResult::request).containsExactlyInAnyOrderElementsOf(requests);
		assertThat(sources(requests)).containsOnly(Source.CACHE);
		assertThat(this.fixture.cache.statistics("alice").total().writes()).isEqualTo(2);
		assertThat(this.fixture.cache.statistics("alice/drafts").total().writes()).isEqualTo(1);
		assertRefused(() -> this.fixture.api.inferEach(Stream.of(request("third"), with("bob")), results::add));
		assertThat(this.fixture.cache.statistics("bob").models()).isEmpty();
	}

	@Test
	void allTurnsOfAToolLoopAreOfTheCallerAndAskOnce() {
		this.fixture.standIn.answer(StandInToolModel.calling(List.of(StandInToolModel.call("time", "{}"))));
		ToolCallback time = ToolCallback.of("time", "Tells the time", "{\"type\":\"object\"}", (arguments) -> {
			as(null);
			return "noon";
		});
		as("alice");
		InferenceRequest request = builder("When?").tools(time).build();
		assertThat(this.fixture.api.infer(request).source()).isEqualTo(Source.PROVIDER);
		assertThat(this.asked).hasValue(1);
		as("alice");
		assertThat(this.fixture.api.inferAll(List.of(request)).get(0).orElseThrow().source()).isEqualTo(Source.CACHE);
		assertThat(this.asked).hasValue(2);
		as("bob");
		assertThat(this.fixture.api.inferAsync(request).join().source()).isEqualTo(Source.PROVIDER);
	}

	@Test
	void refusalReachesTheCallerAsItIsAndNothingIsAsked() {
		as("alice");
		InferenceRequest own = with("alice/drafts");
		InferenceRequest foreign = with("bob");
		assertThat(this.fixture.api.infer(own).source()).isEqualTo(Source.PROVIDER);
		this.fixture.standIn.reset();
		assertRefused(() -> this.fixture.api.infer(foreign));
		assertRefused(() -> this.fixture.api.inferAll(List.of(request("mine"), foreign)));
		assertRefused(() -> this.fixture.api.explain(foreign));
		assertRefused(() -> this.fixture.api
			.embed(EmbeddingRequest.builder("text-embedding-test").texts(List.of("one")).cacheControl(bobs()).build()));
		assertRefused(() -> this.fixture.api.moderate(
				ModerationRequest.builder("omni-moderation-test").texts(List.of("one")).cacheControl(bobs()).build()));
		CompletableFuture<?> async = this.fixture.api.inferAsync(foreign);
		assertThatExceptionOfType(CompletionException.class).isThrownBy(async::join)
			.withCauseExactlyInstanceOf(UnknownTenantException.class);
		assertThat(this.fixture.standIn.requestCount()).isZero();
		assertThat(this.fixture.cache.statistics("bob").models()).isEmpty();
	}

	private static InferenceRequest with(String namespace) {
		return builder("Hello").cacheControl(CacheControl.DEFAULT.withNamespace(namespace)).build();
	}

	private static CacheControl bobs() {
		return CacheControl.DEFAULT.withNamespace("bob");
	}

	private static void assertRefused(Runnable call) {
		assertThatExceptionOfType(UnknownTenantException.class).isThrownBy(call::run)
			.withMessage("That is of somebody else");
	}

	@Test
	@SuppressWarnings("NullAway")
	void nullIsNoNamespace() {
		this.fixture.resolveNamespaces((requested) -> null);
		assertThatIllegalStateException().isThrownBy(() -> this.fixture.api.infer(request("Hello")))
			.withMessageContaining("returned null");
		assertThat(this.fixture.standIn.requestCount()).isZero();
	}

	@Test
	void explanationsTellNothingOfOtherTenants() {
		as("alice");
		this.fixture.api.infer(request("The plan of Alice"));
		this.fixture.api.infer(InferenceRequest.builder("gpt-secret").user("Hello").build());
		as("bob");
		MissExplanation nothing = this.fixture.api.explain(request("The plan of Alice"));
		assertThat(nothing.reason()).isEqualTo("There is no entry of model 'gpt-test' in its namespace.");
		assertThat(nothing.compared()).isZero();
		assertThat(nothing.nearest()).isEmpty();
		this.fixture.api.infer(request("The plan of Bob"));
		MissExplanation own = this.fixture.api.explain(builder("The plan of Alice").temperature(0).build());
		assertThat(own.outcome()).isEqualTo(Outcome.NOT_STORED);
		assertThat(own.reason()).startsWith("There is no entry for it among 1 of model 'gpt-test' in its namespace.");
		assertThat(own.compared()).isOne();
		assertThat(own.nearest()).singleElement()
			.satisfies((entry) -> assertThat(entry.differences())
				.noneSatisfy((difference) -> assertThat(difference.pointer()).isEqualTo("/namespace")));
		CacheMissException replayed = Objects.requireNonNull(
				catchThrowableOfType(CacheMissException.class,
						() -> this.fixture.api.infer(builder("The plan of Alice")
							.cacheControl(CacheControl.DEFAULT.withMode(CacheMode.REPLAY))
							.build())));
		assertThat(Objects.requireNonNull(replayed.explanation()).compared()).isOne();
	}

	@Test
	void deletionOfATenantLeavesTheOthers() {
		for (String each : List.of("alice", "bob")) {
			as(each);
			this.fixture.api.infer(request("Hello"));
		}
		assertThat(this.fixture.cache.delete(new EntryFilter(MODEL, "bob", null, null, null, null))).isOne();
		assertThat(this.fixture.cache.delete(EntryFilter.ofNamespace("bob"))).isZero();
		as("alice");
		assertThat(this.fixture.api.infer(request("Hello")).source()).isEqualTo(Source.CACHE);
		as("bob");
		assertThat(this.fixture.api.infer(request("Hello")).source()).isEqualTo(Source.PROVIDER);
		assertThat(this.fixture.cache.delete(EntryFilter.ofNamespace("bob"))).isOne();
		as("alice");
		assertThat(this.fixture.api.infer(request("Hello")).source()).isEqualTo(Source.CACHE);
	}

	private static final class UnknownTenantException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		private UnknownTenantException(String message) {
			super(message);
		}

	}

}
