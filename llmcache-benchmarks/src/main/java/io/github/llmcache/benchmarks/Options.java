package io.github.llmcache.benchmarks;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What the command line asks for.
 *
 * @param names the names of benchmarks
 * @param json whether to print JSON
 * @param quick whether to be quick rather than exact
 * @param full whether to take the time for the largest sizes
 * @param help whether to explain the command line
 * @param seed what decides the data
 */
record Options(Set<String> names, boolean json, boolean quick, boolean full, boolean help, long seed) {

	private static final long DEFAULT_SEED = 42;

	private static final String ALL = "all";

	private static final String SEED = "--seed";

	/**
	 * Read a command line.
	 * @param known the names of all benchmarks
	 * @param args the arguments
	 * @return what they ask for; all benchmarks if none is named
	 * @throws UsageException if they are wrong
	 */
	static Options parse(Collection<String> known, String... args) throws UsageException {
		Set<String> names = new LinkedHashSet<>();
		Set<String> flags = new LinkedHashSet<>();
		long seed = DEFAULT_SEED;
		for (int i = 0; i < args.length; i++) {
			String arg = args[i];
			switch (arg) {
				case "--json", "--quick", "--full", "--help" -> flags.add(arg);
				case SEED -> seed = seed((++i < args.length) ? args[i] : "");
				case ALL -> names.addAll(known);
				default -> {
					if (arg.startsWith(SEED + "=")) {
						seed = seed(arg.substring(SEED.length() + 1));
					}
					else if (known.contains(arg)) {
						names.add(arg);
					}
					else {
						throw new UsageException((arg.startsWith("-") ? "Unknown option '" : "Unknown benchmark '")
								+ arg + "'. There are: " + String.join(", ", known) + ", all.");
					}
				}
			}
		}
		if (names.isEmpty()) {
			names.addAll(known);
		}
		if (flags.containsAll(List.of("--quick", "--full"))) {
			throw new UsageException("--quick and --full exclude each other.");
		}
		return new Options(names, flags.contains("--json"), flags.contains("--quick"), flags.contains("--full"),
				flags.contains("--help"), seed);
	}

	private static long seed(String value) throws UsageException {
		try {
			return Long.parseLong(value);
		}
		catch (NumberFormatException ex) {
			throw new UsageException("--seed wants a whole number, not '" + value + "'.");
		}
	}

	/**
	 * The command line is wrong.
	 */
	static final class UsageException extends Exception {

		private static final long serialVersionUID = 1L;

		UsageException(String message) {
			super(message);
		}

	}

}
