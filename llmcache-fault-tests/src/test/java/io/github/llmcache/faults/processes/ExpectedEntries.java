package io.github.llmcache.faults.processes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStatistics.ModelStatistics;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CacheStore.StoredEntry;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.DailyStatistics;
import io.github.llmcache.cache.UnreadableEntryException;
import io.github.llmcache.faults.processes.WriteScript.Kind;
import io.github.llmcache.faults.processes.WriteScript.Step;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the entries of a cache whose writers were killed: the samples of each
 * by their versions. Of what a writer was at when it was killed, either may be there, the
 * old or the new.
 */
final class ExpectedEntries {

	private final Map<String, List<Long>> known = new HashMap<>();

	/** What may be there instead. */
	private final Map<String, List<Long>> possible = new HashMap<>();

	private long counted;

	private long possiblyCounted;

	long lost;

	long wrong;

	/** What is lost or wrong, for the message of the test. */
	final List<String> failures = new ArrayList<>();

	/**
	 * Take note of what a thread has done.
	 * @param script its script, from the beginning
	 * @param acknowledged how many steps it was told that they are done
	 */
	void written(WriteScript script, long acknowledged) {
		for (long i = 0; i < acknowledged; i++) {
			Step step = script.next();
			step.keys().forEach((key) -> this.known.put(key, step.apply(samples(key))));
			this.counted += (step.kind() == Kind.COUNT) ? 1 : 0;
		}
		Step last = script.next();
		last.keys().forEach((key) -> {
			this.known.putIfAbsent(key, List.of());
			this.possible.put(key, last.apply(samples(key)));
		});
		this.possiblyCounted += (last.kind() == Kind.COUNT) ? 1 : 0;
	}

	private List<Long> samples(String key) {
		return this.known.getOrDefault(key, List.of());
	}

	/**
	 * Compare all of it with what is there, which is known from then on.
	 * @param store the cache
	 */
	void check(CacheStore store) {
		Map<CacheKey, StoredEntry> found = store.getAll(this.known.keySet().stream().map(KilledWriter::key).toList());
		this.known.replaceAll((key, samples) -> check(key, samples, found.get(KilledWriter.key(key))));
		this.possible.clear();
		checkOthers(store);
		checkCounted(store);
	}

	private List<Long> check(String key, List<Long> samples, @Nullable StoredEntry found) {
		List<Long> versions = versions(key, found);
		if (versions.contains(-1L)) {
			fail(key + " is torn, or another's: " + versions);
			this.wrong++;
		}
		else if (!versions.equals(samples) && !versions.equals(this.possible.get(key))) {
			fail(key + " has samples " + versions + " instead of " + samples + " or " + this.possible.get(key));
			this.lost++;
		}
		return versions;
	}

	private static List<Long> versions(String key, @Nullable StoredEntry found) {
		try {
			CacheEntry entry = (found != null) ? found.read() : null;
			List<Long> versions = new ArrayList<>();
			for (CachedResponse response : (entry != null) ? entry.responses() : List.<CachedResponse>of()) {
				versions.add(Body.version(key, response.body()));
			}
			return versions;
		}
		catch (UnreadableEntryException ex) {
			return List.of(-1L);
		}
	}

	/**
	 * Of what is evicted and expires, nothing need be there, but what is has to be whole.
	 */
	private void checkOthers(CacheStore store) {
		Set<CacheKey> keys = new HashSet<>();
		store.scan(null, (stored) -> {
			try {
				CacheEntry entry = stored.read();
				if (entry.key().model().equals(KilledWriter.BOUNDED_MODEL) && (entry.responses().size() != 1
						|| Body.version("bounded", entry.responses().get(0).body()) < 0)) {
					fail("a bounded entry is torn");
					this.wrong++;
				}
				if (!keys.add(entry.key())) {
					fail("an entry is there twice");
					this.wrong++;
				}
			}
			catch (UnreadableEntryException ex) {
				fail("an entry cannot be read: " + ex.getMessage());
				this.wrong++;
			}
		});
	}

	private void checkCounted(CacheStore store) {
		long writes = store.statistics()
			.stream()
			.filter((day) -> day.model().equals(KilledWriter.MODEL))
			.map(DailyStatistics::counters)
			.mapToLong(ModelStatistics::writes)
			.sum();
		if (writes < this.counted || writes > this.counted + this.possiblyCounted) {
			fail(writes + " counted instead of " + this.counted + " to " + (this.counted + this.possiblyCounted));
			this.lost++;
		}
		this.counted = writes;
		this.possiblyCounted = 0;
	}

	private void fail(String failure) {
		if (this.failures.size() < 100) {
			this.failures.add(failure);
		}
	}

}
