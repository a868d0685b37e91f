package io.github.llmcache.cli;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Options that say of which model, namespace and age entries are meant.
 */
final class EntryOptions {

	@Option(names = { "-m", "--model" }, paramLabel = "MODEL", description = "Only entries of this model")
	private @Nullable String model;

	@Option(names = { "-n", "--namespace" }, paramLabel = "NAMESPACE",
			description = "Only entries of this namespace; '' is the one without a name")
	private @Nullable String namespace;

	@Option(names = "--older-than", paramLabel = "AGE", description = "Only entries of at least this age, such as 30d")
	private @Nullable Duration olderThan;

	@Option(names = "--newer-than", paramLabel = "AGE", description = "Only entries of at most this age, such as 12h")
	private @Nullable Duration newerThan;

	@Nullable String model() {
		return this.model;
	}

	@Nullable String namespace() {
		return this.namespace;
	}

	@Nullable Duration olderThan() {
		return this.olderThan;
	}

	@Nullable Duration newerThan() {
		return this.newerThan;
	}

}
