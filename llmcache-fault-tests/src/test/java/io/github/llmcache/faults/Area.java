package io.github.llmcache.faults;

/**
 * What a fault is of, in the order of the report.
 */
public enum Area {

	/** Processes that are killed. */
	PROCESSES("Killed processes"),

	/** Files that are damaged, replaced, deleted or closed to us. */
	FILES("Damaged files"),

	/** A full disk. */
	DISK("Full disk"),

	/** Entries that somebody else has written. */
	ENTRIES("Hostile entries"),

	/** Requests, properties and answers from outside. */
	INPUT("Hostile input"),

	/** Redis. */
	REDIS("Redis"),

	/** Clocks, threads, futures and application contexts. */
	LIFECYCLE("Clocks, threads and contexts"),

	/** Random input, guided by what it reaches. */
	FUZZING("Fuzzing"),

	/** Encryption, tenants and secrets. */
	SECURITY("Security"),

	/** Many callers at once. */
	LOAD("Load");

	private final String title;

	Area(String title) {
		this.title = title;
	}

	String title() {
		return this.title;
	}

}
