package io.github.llmcache.cache;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLongArray;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.llmcache.SampleRange;
import org.jspecify.annotations.Nullable;

/**
 * The first level of the cache: what has been read lately, in memory, bounded by its
 * size. Two requests are the same here if all that decides their answer is equal, not
 * only if hashes of it are. Thread-safe, and a hit writes nothing.
 */
final class MemoryLevel {

	/**
	 * What an entry takes beside its request and what was read: objects and references.
	 */
	private static final int OVERHEAD = 512;

	/** Bodies are kept as they are, and again in the parts that they consist of. */
	private static final int COPIES_OF_BODY = 2;

	/** Few enough to be small, enough that reads and writes rarely meet. */
	private static final int STRIPES = 1024;

	private final Cache<Question, Remembered> answers;

	/** How often entries have been changed, by a part of their fingerprint. */
	private final AtomicLongArray changes = new AtomicLongArray(STRIPES);

	/**
	 * Create a level.
	 * @param maximumSize about the most bytes that it takes
	 * @param timeToLive how long it may not notice that another process has changed an
	 * entry
	 */
	MemoryLevel(long maximumSize, Duration timeToLive) {
		this.answers = Caffeine.newBuilder()
			.maximumWeight(maximumSize)
			.weigher((Question question, Remembered remembered) -> remembered.size())
			.expireAfterWrite(timeToLive)
			.build();
	}

	@Nullable Remembered get(CacheRequest request) {
		return this.answers.getIfPresent(new Question(request));
	}

	/**
	 * Return the state of an entry, before it is read.
	 * @param request the request
	 * @return what to {@linkplain #put put} it with
	 */
	long stamp(CacheRequest request) {
		return this.changes.get(stripe(request));
	}

	/**
	 * Remember what an entry was read as, unless it has been changed since.
	 * @param request the request
	 * @param stamp its state before it was read
	 * @param entry the entry
	 * @param value what its first sample was read as; immutable
	 */
	void put(CacheRequest request, long stamp, CacheEntry entry, Object value) {
		Question question = new Question(request);
		this.answers.put(question, Remembered.of(request, entry, value));
		if (stamp(request) != stamp) {
			this.answers.invalidate(question);
		}
	}

	/**
	 * Forget an entry, after it has been changed.
	 * @param request the request
	 */
	void remove(CacheRequest request) {
		this.changes.incrementAndGet(stripe(request));
		this.answers.invalidate(new Question(request));
	}

	/**
	 * Forget entries of a model, after they have been changed.
	 * @param model the model's id
	 * @param fingerprints the fingerprints of their keys
	 */
	void remove(String model, Set<Long> fingerprints) {
		fingerprints.forEach((fingerprint) -> this.changes.incrementAndGet(stripe(fingerprint)));
		this.answers.asMap()
			.keySet()
			.removeIf((question) -> fingerprints.contains(question.request().key().fingerprint())
					&& question.request().model().equals(model));
	}

	/**
	 * Forget the entries of a model, after they have been changed.
	 * @param model the model's id, or {@code null} for all models
	 */
	void removeModel(@Nullable String model) {
		for (int stripe = 0; stripe < STRIPES; stripe++) {
			this.changes.incrementAndGet(stripe);
		}
		this.answers.asMap().keySet().removeIf((question) -> model == null || question.request().model().equals(model));
	}

	private static int stripe(CacheRequest request) {
		return stripe(request.key().fingerprint());
	}

	private static int stripe(long fingerprint) {
		return (int) fingerprint & (STRIPES - 1);
	}

	/**
	 * What is remembered of an entry: what its first sample was read as, and what is
	 * needed to decide whether it may be used and to count its use. The key's hash is
	 * known, unlike that of a request that asks the same.
	 */
	record Remembered(CacheKey key, Object value, Instant createdAt, @Nullable Instant expiresAt, long savedNanos,
			long savedTokens, int size) {

		private static Remembered of(CacheRequest request, CacheEntry entry, Object value) {
			List<CachedResponse> responses = entry.responses();
			long bodies = responses.stream().mapToLong((response) -> response.body().length).sum();
			long size = OVERHEAD + request.key().encodedLength() + COPIES_OF_BODY * bodies;
			return new Remembered(request.key().detached(), value, entry.createdAt(), entry.expiresAt(),
					entry.costNanos(SampleRange.FIRST), entry.tokens(SampleRange.FIRST),
					(int) Math.min(size, Integer.MAX_VALUE));
		}

	}

	/**
	 * A request by all that decides its answer.
	 */
	private record Question(CacheRequest request) {

		@Override
		public boolean equals(Object other) {
			return other instanceof Question question && this.request.asksTheSame(question.request);
		}

		@Override
		public int hashCode() {
			return this.request.key().hashCode();
		}

	}

}
