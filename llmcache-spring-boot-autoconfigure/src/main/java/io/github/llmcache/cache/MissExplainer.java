package io.github.llmcache.cache;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import io.github.llmcache.MissExplanation;
import io.github.llmcache.MissExplanation.Difference;
import io.github.llmcache.MissExplanation.NearEntry;
import io.github.llmcache.MissExplanation.Outcome;
import io.github.llmcache.cache.CacheManager.CacheLookup;
import io.github.llmcache.cache.CacheStore.StoreSize;
import io.github.llmcache.cache.CacheStore.StoredEntry;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Explains what becomes of lookups: finds the request's own entry, or those that come
 * nearest to it. It reads the store and nothing else, so that nothing is counted or
 * remembered. Thread-safe.
 */
final class MissExplainer {

	/** How long entries are looked at; then the nearest of those that were have to do. */
	static final Duration LONGEST = Duration.ofSeconds(5);

	/** How many of the nearest entries are told. */
	static final int NEAREST = 3;

	/** How many other models are named. */
	private static final int MODELS = 3;

	private static final int LONGEST_NAME = 100;

	/** How many differences are named in one sentence. */
	private static final int NAMED = 3;

	/** The most bytes of requests that are compared, once there are enough entries. */
	private static final long MOST_BYTES = 32 * 1024 * 1024;

	private static final Difference REDACTED = new Difference("/body",
			"no more than secrets that were redacted before it was stored", null, null);

	private static final JsonMapper mapper = JsonMapper.builder()
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.build();

	private final @Nullable CacheStore store;

	private final StoreGuard guard;

	private final InstantSource clock;

	private final boolean isolated;

	private final SecretRedaction redaction;

	/**
	 * Create an instance.
	 * @param store the store, or {@code null} if nothing is cached
	 * @param guard how the store is used
	 * @param clock the time
	 * @param isolated whether entries of other namespaces are as if there were none
	 * @param redaction takes secrets out of what is compared
	 */
	MissExplainer(@Nullable CacheStore store, StoreGuard guard, InstantSource clock, boolean isolated,
			SecretRedaction redaction) {
		this.store = store;
		this.guard = guard;
		this.clock = clock;
		this.isolated = isolated;
		this.redaction = redaction;
	}

	MissExplanation explain(CacheLookup lookup) {
		CacheStore store = this.store;
		if (store == null) {
			return without(lookup, Outcome.NOT_LOOKED_UP, "Nothing is cached (llmcache.enabled).");
		}
		MissExplanation explanation = this.guard.read(lookup.request().model(), () -> explain(store, lookup), () -> {
			// Nothing is counted
		});
		return (explanation != null) ? explanation : without(lookup, Outcome.STORE_FAILED,
				"The " + store.name() + " cache cannot be read. Its health and the log say more.");
	}

	private MissExplanation explain(CacheStore store, CacheLookup lookup) {
		StoredEntry stored = store.get(lookup.request().key());
		return (stored != null) ? explainOwn(stored, lookup) : explainNearest(store, lookup.request());
	}

	private MissExplanation explainOwn(StoredEntry stored, CacheLookup lookup) {
		CacheEntry entry;
		try {
			entry = stored.read();
		}
		catch (UnreadableEntryException | RuntimeException ex) {
			return new MissExplanation(lookup.request().model(), Outcome.UNREADABLE,
					"Its entry cannot be read. " + describe(ex) + ".", 1, List.of());
		}
		Instant now = this.clock.instant();
		Instant expiresAt = entry.expiresAt();
		Duration age = Duration.between(entry.createdAt(), now);
		Duration maxAge = lookup.maxAge();
		if (expiresAt != null && !now.isBefore(expiresAt)) {
			return own(lookup, entry, Outcome.EXPIRED,
					"Its entry expired " + Durations.describe(Duration.between(expiresAt, now)) + " ago.");
		}
		if (maxAge != null && age.compareTo(maxAge) >= 0) {
			return own(lookup, entry, Outcome.TOO_OLD, "Its entry is " + Durations.describe(age)
					+ " old, and only those younger than " + Durations.describe(maxAge) + " are accepted.");
		}
		if (!entry.holds(lookup.samples())) {
			return own(lookup, entry, Outcome.TOO_FEW_SAMPLES, "Its entry holds " + samples(entry.samples()) + ", and "
					+ samples(lookup.samples().end()) + " are wanted.");
		}
		return own(lookup, entry, Outcome.HIT, "There is an entry that can be used.");
	}

	private static @Nullable String describe(Exception ex) {
		return (ex instanceof UnreadableEntryException) ? ex.getMessage() : ex.getClass().getName();
	}

	private static String samples(int count) {
		return count + ((count != 1) ? " samples" : " sample");
	}

	private static MissExplanation own(CacheLookup lookup, CacheEntry entry, Outcome outcome, String reason) {
		NearEntry own = new NearEntry(entry.key().hex(), entry.createdAt(), List.of());
		return new MissExplanation(lookup.request().model(), outcome, reason, 1, List.of(own));
	}

	private static MissExplanation without(CacheLookup lookup, Outcome outcome, String reason) {
		return new MissExplanation(lookup.request().model(), outcome, reason, 0, List.of());
	}

	private MissExplanation explainNearest(CacheStore store, CacheRequest request) {
		NearestEntries candidates = new NearestEntries(request, this.clock, LONGEST, this.isolated);
		candidates.inspect(store);
		List<Near> nearest = compare(store, candidates.keys(), request);
		String reason = (candidates.entries() == 0 && candidates.isComplete()) ? describeNothing(store, request.model())
				: describe(request.model(), candidates, nearest);
		return new MissExplanation(request.model(), Outcome.NOT_STORED, reason, candidates.compared(),
				nearest.stream().map(Near::entry).toList());
	}

	private List<Near> compare(CacheStore store, List<CacheKey> keys, CacheRequest request) {
		List<Near> near = new ArrayList<>();
		long bytes = 0;
		for (CacheKey key : keys) {
			if (bytes > MOST_BYTES && near.size() >= NEAREST) {
				break;
			}
			CacheEntry entry = readWithRequest(store, key);
			RequestRecord record = (entry != null) ? entry.request() : null;
			JsonNode stored = (record != null) ? parse(record) : null;
			if (entry != null && record != null && stored != null) {
				near.add(compare(key, entry, stored, request));
				bytes += record.json().length;
			}
		}
		return near.stream().sorted(Comparator.comparingLong(Near::size)).limit(NEAREST).toList();
	}

	/**
	 * What was redacted before it was stored is compared with what would be.
	 */
	private Near compare(CacheKey key, CacheEntry entry, JsonNode stored, CacheRequest request) {
		boolean redacted = stored.path(StoredRequest.REDACTED).booleanValue(false);
		SecretRedaction redaction = (redacted && !this.redaction.isEnabled()) ? SecretRedaction.KNOWN : this.redaction;
		RequestDifferences differences = RequestDifferences.between(stored, redaction.toCompare(request));
		List<Difference> told = (redacted && differences.list().isEmpty()) ? List.of(REDACTED) : told(differences);
		return new Near(new NearEntry(key.hex(), entry.createdAt(), told), differences.size());
	}

	private static @Nullable CacheEntry readWithRequest(CacheStore store, CacheKey key) {
		StoredEntry stored = store.getWithRequest(key);
		try {
			return (stored != null) ? stored.read() : null;
		}
		catch (UnreadableEntryException | RuntimeException ex) {
			return null;
		}
	}

	private @Nullable JsonNode parse(RequestRecord record) {
		try {
			return mapper.readTree(this.redaction.request(record).json());
		}
		catch (JacksonException | NumberFormatException | SecretRedactionException ex) {
			// The latter of numbers that are out of range
			return null;
		}
	}

	private static List<Difference> told(RequestDifferences differences) {
		List<Difference> list = differences.list();
		return !list.isEmpty() ? list : List
			.of(new Difference("the key", "the same request, stored under another version of keys", null, null));
	}

	private String describe(String model, NearestEntries candidates, List<Near> nearest) {
		StringBuilder reason = new StringBuilder();
		reason.append(String.format(Locale.ROOT, "There is no entry for it among %,d of model %s", candidates.entries(),
				name(model)));
		reason.append(this.isolated ? " in its namespace" : "");
		if (!candidates.isComplete()) {
			reason.append(", which is all that there was time for");
		}
		long without = candidates.entries() - candidates.compared();
		if (without > 0) {
			reason.append(String.format(Locale.ROOT,
					", of which %,d were stored without their requests (llmcache.store-requests)", without));
		}
		reason.append('.');
		if (!nearest.isEmpty()) {
			reason.append(describeNearest(nearest.get(0).entry().differences()));
		}
		return reason.toString();
	}

	private static String describeNearest(List<Difference> differences) {
		return " The nearest differs in "
				+ differences.stream().limit(NAMED).map(Difference::pointer).collect(Collectors.joining(", "))
				+ ((differences.size() > NAMED) ? " and more." : ".");
	}

	private String describeNothing(CacheStore store, String model) {
		// Which models others use is theirs to know
		return this.isolated ? "There is no entry of model " + name(model) + " in its namespace."
				: describeModels(store, model);
	}

	private static String describeModels(CacheStore store, String model) {
		List<String> others = store.size()
			.stream()
			.filter((size) -> size.entries() > 0)
			.map(StoreSize::model)
			.filter((other) -> !other.equals(model))
			.toList();
		String reason = "There is no entry of model " + name(model);
		if (others.isEmpty()) {
			return reason + ", nor of any other.";
		}
		String named = AlikeNames.sorted(others.stream(), model, MODELS)
			.stream()
			.map(MissExplainer::name)
			.collect(Collectors.joining(", "));
		return reason + ", only of " + others.size() + ((others.size() > 1) ? " other models: " : " other model: ")
				+ named + ((others.size() > MODELS) ? " and more." : ".");
	}

	private static String name(String model) {
		return "'" + PlainText.of(model, LONGEST_NAME) + "'";
	}

	/**
	 * An entry that comes near, and how much differs.
	 */
	private record Near(NearEntry entry, long size) {
	}

}
