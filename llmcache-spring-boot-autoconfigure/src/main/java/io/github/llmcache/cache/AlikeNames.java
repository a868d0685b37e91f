package io.github.llmcache.cache;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds the names that are most like another one: those that have the most pairs of
 * characters in common with it (Dice's coefficient).
 */
final class AlikeNames {

	private static final int LONGEST = 256;

	private AlikeNames() {
	}

	/**
	 * Sort names.
	 * @param names the names
	 * @param name what they are to be like
	 * @param most how many are wanted
	 * @return those that are most like it, the most alike first
	 */
	static List<String> sorted(Stream<String> names, String name, int most) {
		Set<Integer> pairs = pairs(name);
		return names.map((other) -> new Alike(other, alike(pairs, pairs(other))))
			.sorted(Comparator.comparingDouble(Alike::alike).reversed().thenComparing(Alike::name))
			.limit(most)
			.map(Alike::name)
			.toList();
	}

	private static double alike(Set<Integer> pairs, Set<Integer> others) {
		long common = others.stream().filter(pairs::contains).count();
		return 2.0 * common / Math.max(pairs.size() + others.size(), 1);
	}

	private static Set<Integer> pairs(String name) {
		String text = name.substring(0, Math.min(name.length(), LONGEST)).toLowerCase(Locale.ROOT);
		Set<Integer> pairs = new HashSet<>();
		for (int i = 1; i < text.length(); i++) {
			pairs.add(text.charAt(i - 1) << Character.SIZE | text.charAt(i));
		}
		return pairs;
	}

	private record Alike(String name, double alike) {
	}

}
