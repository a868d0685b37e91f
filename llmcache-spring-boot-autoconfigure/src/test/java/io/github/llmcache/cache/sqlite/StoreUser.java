package io.github.llmcache.cache.sqlite;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.EntryCodec;

import static io.github.llmcache.cache.TestEntries.entry;
import static io.github.llmcache.cache.TestEntries.key;
import static io.github.llmcache.testsupport.JavaProcess.say;

/**
 * What another process does with a store.
 */
final class StoreUser {

	static final String MODEL = "gpt-4o-mini";

	private StoreUser() {
	}

	/**
	 * Do something. The arguments are what, the directory, and for some a name.
	 */
	public static void main(String[] args) throws IOException {
		EntryCodec codec = new EntryCodec(1024 * 1024);
		SqliteCacheStore store = new SqliteCacheStore(SqliteSettings.of(Path.of(args[1])), codec);
		switch (args[0]) {
			case "miss" -> say("found " + store.get(key(MODEL, 1)));
			case "put" -> put(store);
			case "append" -> append(store, args[2]);
			case "save" -> save(store);
			default -> throw new IllegalArgumentException(args[0]);
		}
		store.close();
	}

	private static void put(SqliteCacheStore store) {
		try {
			store.putAll(List.of(entry(key(MODEL, 1), "a")));
			say("put");
		}
		catch (CacheStoreException ex) {
			say("failed: " + ex.getMessage());
		}
	}

	/**
	 * Append as soon as told so.
	 */
	private static void append(SqliteCacheStore store, String name) throws IOException {
		say("ready");
		int input = System.in.read();
		for (int i = 0; i < 50 && input != -1; i++) {
			store.appendAll(List.of(entry(key(MODEL, 1), name + "/" + i)));
		}
		say("done");
	}

	private static void save(SqliteCacheStore store) {
		for (int i = 0; true; i++) {
			store.putAll(List.of(entry(key(MODEL, i), "body " + i)));
			say("saved " + i);
		}
	}

}
