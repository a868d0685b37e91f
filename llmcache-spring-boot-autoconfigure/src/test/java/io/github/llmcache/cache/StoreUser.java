package io.github.llmcache.cache;

import java.io.IOException;
import java.time.LocalDate;
import java.util.List;

import io.github.llmcache.cache.CacheStatistics.ModelStatistics;

import static io.github.llmcache.cache.TestEntries.entry;
import static io.github.llmcache.cache.TestEntries.key;
import static io.github.llmcache.testsupport.JavaProcess.say;

/**
 * What another process does with a store.
 */
public final class StoreUser {

	public static final String MODEL = "gpt-4o-mini";

	public static final LocalDate DAY = LocalDate.of(2026, 1, 2);

	/** How often a process appends, or counts. */
	public static final int APPENDED = 50;

	private StoreUser() {
	}

	/**
	 * Do something. The arguments are what, a name, the class of a {@link StoreOpener},
	 * and what that needs.
	 */
	public static void main(String[] args) throws Exception {
		EntryCodec codec = new EntryCodec(1024 * 1024);
		StoreOpener opener = (StoreOpener) Class.forName(args[2]).getDeclaredConstructor().newInstance();
		try (CacheStore store = opener.open(List.of(args).subList(3, args.length), codec)) {
			switch (args[0]) {
				case "miss" -> say("found " + store.get(key(MODEL, 1)));
				case "put" -> put(store, args[1]);
				case "append" -> append(store, args[1]);
				case "count" -> count(store);
				case "replace" -> replace(store, args[1]);
				case "save" -> save(store);
				case "delete" -> say("deleted " + store.deleteModel(MODEL));
				default -> throw new IllegalArgumentException(args[0]);
			}
		}
	}

	private static void put(CacheStore store, String body) {
		try {
			store.putAll(List.of(entry(key(MODEL, 1), body)));
			say("put");
		}
		catch (CacheStoreException ex) {
			say("failed: " + ex.getMessage());
		}
	}

	/**
	 * Append as soon as told so.
	 */
	private static void append(CacheStore store, String name) throws IOException {
		say("ready");
		int input = System.in.read();
		for (int i = 0; i < APPENDED && input != -1; i++) {
			store.appendAll(List.of(entry(key(MODEL, 1), name + "/" + i)));
		}
		say("done");
	}

	/**
	 * Count one hit and one write as soon as told so.
	 */
	private static void count(CacheStore store) throws IOException {
		say("ready");
		int input = System.in.read();
		for (int i = 0; i < APPENDED && input != -1; i++) {
			store.addStatistics(List
				.of(new DailyStatistics(MODEL, DAY, new ModelStatistics(1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))));
		}
		say("done");
	}

	/**
	 * Replace an entry with one that is easily seen to be whole, until told to end.
	 */
	private static void replace(CacheStore store, String name) throws IOException {
		say("ready");
		while (System.in.available() == 0) {
			store.putAll(List.of(entry(key(MODEL, 1), name.repeat(5000), name)));
		}
		say("done");
	}

	/**
	 * Save, half of it as samples of one entry, until killed.
	 */
	private static void save(CacheStore store) {
		for (int i = 0; true; i++) {
			store.putAll(List.of(entry(key(MODEL, i), "body " + i)));
			store.appendAll(List.of(entry(key(MODEL, "all " + i / 100), "body " + i)));
			say("saved " + i);
		}
	}

}
