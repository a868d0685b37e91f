package io.github.llmcache.cache.sqlite;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.EntryCodec;

import static io.github.llmcache.cache.TestEntries.entry;
import static io.github.llmcache.cache.TestEntries.key;

/**
 * Another process that uses a store.
 */
final class ChildProcess {

	static final String MODEL = "gpt-4o-mini";

	private ChildProcess() {
	}

	/**
	 * What a child does. It is given the directory, and may be given a name.
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

	private static void say(String line) {
		System.out.println("> " + line);
		System.out.flush();
	}

	static Process start(List<String> options, String... args) throws IOException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(options);
		command.addAll(List.of("-cp", System.getProperty("java.class.path"), ChildProcess.class.getName()));
		command.addAll(List.of(args));
		return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
	}

	static BufferedReader output(Process process) {
		return process.inputReader(StandardCharsets.UTF_8);
	}

	/**
	 * Return the next line that the child says, without what else it prints.
	 */
	static String hear(BufferedReader output) throws IOException {
		String line = output.readLine();
		while (line != null && !line.startsWith("> ")) {
			line = output.readLine();
		}
		return (line != null) ? line.substring(2) : "";
	}

}
