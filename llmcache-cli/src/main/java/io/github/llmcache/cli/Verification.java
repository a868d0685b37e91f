package io.github.llmcache.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheKeyHasher;
import io.github.llmcache.cache.CacheStore.StoredEntry;
import io.github.llmcache.cache.RequestRecord;
import io.github.llmcache.cache.StoredRequest;
import io.github.llmcache.cache.UnreadableEntryException;
import org.jspecify.annotations.Nullable;

/**
 * Checks entries, and keeps count. Used by one thread.
 */
final class Verification {

	/** What one more damaged entry adds to memory must not be up to a cache. */
	private static final int MOST_DAMAGED = 100_000;

	private static final String WRONG_KEY = "The key is not that of its request";

	private final TreeMap<String, Counts> models = new TreeMap<>();

	private final List<Damage> damaged = new ArrayList<>();

	private final CacheKeyHasher hasher = new CacheKeyHasher();

	private long entries;

	private long damages;

	/**
	 * Check an entry.
	 * @param key the key under which it is stored
	 * @param stored the entry, with its request
	 */
	void check(CacheKey key, StoredEntry stored) {
		this.entries++;
		Counts counts = this.models.computeIfAbsent(key.model(), (model) -> new Counts());
		counts.entries++;
		try {
			check(key, stored.read(), counts);
		}
		catch (UnreadableEntryException ex) {
			counts.unreadable++;
			add(key, ex.getMessage());
		}
	}

	private void check(CacheKey key, CacheEntry entry, Counts counts) throws UnreadableEntryException {
		RequestRecord record = entry.request();
		StoredRequest request = (record != null) ? StoredRequest.parse(record.json()) : null;
		if (request == null || request.redacted()) {
			counts.withoutRequest++;
		}
		else if (!isKeyOf(key, request)) {
			counts.wrongKey++;
			add(key, WRONG_KEY);
		}
	}

	private boolean isKeyOf(CacheKey key, StoredRequest stored) {
		try {
			return stored.toRequest(key.model(), "", this.hasher).key().equals(key);
		}
		catch (ArithmeticException ex) {
			return false;
		}
	}

	private void add(CacheKey key, @Nullable String problem) {
		this.damages++;
		if (this.damaged.size() < MOST_DAMAGED) {
			this.damaged.add(new Damage(key.hex(), key.model(), (problem != null) ? problem : "It cannot be read"));
		}
	}

	long entries() {
		return this.entries;
	}

	long damages() {
		return this.damages;
	}

	boolean isFine() {
		return this.damages == 0;
	}

	List<Damage> damaged() {
		return this.damaged;
	}

	Collection<ModelCounts> models() {
		return this.models.entrySet().stream().map((model) -> model.getValue().of(model.getKey())).toList();
	}

	Result result(List<String> problems) {
		return new Result(isFine() && problems.isEmpty(), this.entries, this.damages, models(), this.damaged, problems);
	}

	/**
	 * What was found, for programs.
	 *
	 * @param fine whether nothing is damaged
	 * @param entries how many entries were read
	 * @param damages how many of them are damaged
	 * @param models the same for each model
	 * @param damaged the entries that are damaged, the first 100,000 of them
	 * @param problems what is damaged beside entries
	 */
	record Result(boolean fine, long entries, long damages, Collection<ModelCounts> models, List<Damage> damaged,
			List<String> problems) {
	}

	/**
	 * What was found of a model.
	 *
	 * @param model the model's id
	 * @param entries how many entries were read
	 * @param unreadable how many of them are damaged or of another format
	 * @param wrongKey how many of them are the answer to another request
	 * @param withoutRequest how many of them have no request, or one in which secrets
	 * were redacted, so that their key cannot be checked
	 */
	record ModelCounts(String model, long entries, long unreadable, long wrongKey, long withoutRequest) {

		boolean isFine() {
			return fine() == this.entries;
		}

		long fine() {
			return this.entries - this.unreadable - this.wrongKey;
		}

	}

	/**
	 * An entry that is damaged.
	 *
	 * @param key the key in hexadecimal
	 * @param model the model's id
	 * @param problem what is wrong
	 */
	record Damage(String key, String model, String problem) {
	}

	private static final class Counts {

		private long entries;

		private long unreadable;

		private long wrongKey;

		private long withoutRequest;

		private ModelCounts of(String model) {
			return new ModelCounts(model, this.entries, this.unreadable, this.wrongKey, this.withoutRequest);
		}

	}

}
