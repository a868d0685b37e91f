package io.github.llmcache.cache;

import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.function.Predicate;

import io.github.llmcache.cache.EntryDetails.Facts;
import org.jspecify.annotations.Nullable;

/**
 * Whether an entry is meant by a filter. Asks first for what is known without reading it.
 */
final class EntryMatch implements Predicate<EntryDetails> {

	private final EntryFilter filter;

	private final byte @Nullable [] key;

	private final Instant now;

	EntryMatch(EntryFilter filter, Instant now) {
		this.filter = filter;
		this.key = (filter.key() != null) ? HexFormat.of().parseHex(filter.key()) : null;
		this.now = now;
	}

	@Override
	public boolean test(EntryDetails details) {
		if (this.key != null && !details.key().matches(this.key)) {
			return false;
		}
		if (this.filter.unusedFor() != null && age(details.lastUsed()).compareTo(this.filter.unusedFor()) < 0) {
			return false;
		}
		if (!needsFacts()) {
			return true;
		}
		Facts facts = details.facts();
		return facts != null && test(facts);
	}

	private boolean needsFacts() {
		return this.filter.namespace() != null || this.filter.olderThan() != null || this.filter.newerThan() != null
				|| this.filter.finishReason() != null || this.filter.expired();
	}

	private boolean test(Facts facts) {
		String namespace = this.filter.namespace();
		String finishReason = this.filter.finishReason();
		Instant expiresAt = facts.expiresAt();
		return (namespace == null || namespace.equals(facts.namespace()))
				&& (finishReason == null || finishReason.equalsIgnoreCase(facts.finishReason()))
				&& (!this.filter.expired() || expiresAt != null && !expiresAt.isAfter(this.now))
				&& isOfAge(facts.createdAt());
	}

	private boolean isOfAge(Instant createdAt) {
		Duration age = age(createdAt);
		return (this.filter.olderThan() == null || age.compareTo(this.filter.olderThan()) >= 0)
				&& (this.filter.newerThan() == null || age.compareTo(this.filter.newerThan()) <= 0);
	}

	private Duration age(Instant since) {
		return Duration.between(since, this.now);
	}

}
