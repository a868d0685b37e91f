package io.github.llmcache.cache.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import io.github.llmcache.cache.redis.RedisKeys.Kind;
import io.lettuce.core.RedisFuture;
import org.jspecify.annotations.Nullable;

/**
 * Looks for what should not be in Redis below our prefix. Goes through all keys of the
 * server, in small steps. Used by one thread.
 */
final class RedisCheck {

	/** Of those that are looked at again. */
	private static final int MOST_ORPHANS = 10_000;

	private static final int PORTION = 1000;

	private static final Map<Kind, String> TYPES = Map.of(Kind.ENTRY, "string", Kind.REQUEST, "string", Kind.STATISTICS,
			"hash", Kind.MODELS, "set", Kind.MARK, "string");

	/** Of a key that is gone. */
	private static final String NONE = "none";

	private static final int LONGEST_NAME = 100;

	private final Map<Kind, Long> wrongTypes = new EnumMap<>(Kind.class);

	private final List<byte[]> orphans = new ArrayList<>();

	private final RedisAccess access;

	private final RedisKeys keys;

	private final EntryScan scan;

	private long others;

	private String other = "";

	private long withoutModel;

	RedisCheck(RedisAccess access, RedisKeys keys, EntryScan scan) {
		this.access = access;
		this.keys = keys;
		this.scan = scan;
	}

	List<String> problems() {
		new EntryNames(this.access, this.keys).forEachOfAll(this::check);
		List<String> problems = new ArrayList<>();
		if (this.others > 0) {
			problems.add(this.others + " keys begin as ours do and are none, such as " + this.other);
		}
		this.wrongTypes.forEach((kind, count) -> problems.add(count + " keys that are named as " + describe(kind)
				+ " hold something else than a " + TYPES.get(kind)));
		if (this.withoutModel > 0) {
			problems.add(this.withoutModel + " entries are damaged so that they do not say of which model they are");
		}
		long orphans = countOrphans();
		if (orphans > 0) {
			problems.add(((this.orphans.size() == MOST_ORPHANS) ? "At least " : "") + orphans
					+ " requests are kept without their entries");
		}
		return List.copyOf(problems);
	}

	private static String describe(Kind kind) {
		return switch (kind) {
			case ENTRY -> "entries";
			case REQUEST -> "requests";
			case STATISTICS -> "statistics";
			case MARK -> "what says how entries are encrypted";
			default -> "the set of models";
		};
	}

	private void check(List<byte[]> names) {
		Map<Kind, List<byte[]>> byKind = new EnumMap<>(Kind.class);
		names.forEach((name) -> byKind.computeIfAbsent(this.keys.kind(name), (kind) -> new ArrayList<>()).add(name));
		byKind.forEach((kind, ofKind) -> {
			String type = TYPES.get(kind);
			if (type != null) {
				checkTypes(kind, type, ofKind);
			}
		});
		this.withoutModel += this.scan.countWithoutModel(byKind.getOrDefault(Kind.ENTRY, List.of()));
		addOrphans(byKind.getOrDefault(Kind.REQUEST, List.of()));
		List<byte[]> unknown = byKind.getOrDefault(Kind.OTHER, List.of());
		if (!unknown.isEmpty()) {
			this.other = (this.others == 0) ? text(unknown.get(0)) : this.other;
			this.others += unknown.size();
		}
	}

	/**
	 * Return a name as text, for anybody may have chosen it.
	 */
	private static String text(byte[] name) {
		String text = new String(name, StandardCharsets.US_ASCII).replaceAll("[^ -~]", "?");
		return (text.length() > LONGEST_NAME) ? text.substring(0, LONGEST_NAME) + "..." : text;
	}

	private void checkTypes(Kind kind, String expected, List<byte[]> names) {
		this.access.use((commands, replies) -> {
			List<RedisFuture<String>> pending = names.stream().map(commands::type).toList();
			long wrong = replies.awaitAll(pending)
				.stream()
				.filter((type) -> type != null && !type.equals(expected) && !type.equals(NONE))
				.count();
			if (wrong > 0) {
				this.wrongTypes.merge(kind, wrong, Long::sum);
			}
			return null;
		});
	}

	private void addOrphans(List<byte[]> requests) {
		for (byte[] orphan : orphans(requests)) {
			if (this.orphans.size() < MOST_ORPHANS) {
				this.orphans.add(orphan);
			}
		}
	}

	/**
	 * Look again: an entry and its request are neither stored nor deleted at once.
	 */
	private long countOrphans() {
		long count = 0;
		for (int from = 0; from < this.orphans.size(); from += PORTION) {
			count += orphans(this.orphans.subList(from, Math.min(this.orphans.size(), from + PORTION))).size();
		}
		return count;
	}

	private List<byte[]> orphans(List<byte[]> requests) {
		List<byte[]> orphans = new ArrayList<>();
		this.access.use((commands, replies) -> {
			List<RedisFuture<Long>> entries = requests.stream().map((name) -> commands.exists(entryOf(name))).toList();
			List<RedisFuture<Long>> still = requests.stream().map((name) -> commands.exists(name)).toList();
			List<@Nullable Long> entryCounts = replies.awaitAll(entries);
			List<@Nullable Long> requestCounts = replies.awaitAll(still);
			for (int i = 0; i < requests.size(); i++) {
				if (isZero(entryCounts.get(i)) && !isZero(requestCounts.get(i))) {
					orphans.add(requests.get(i));
				}
			}
			return null;
		});
		return orphans;
	}

	private byte[] entryOf(byte[] request) {
		byte[] entry = this.keys.entryOf(request);
		if (entry == null) {
			throw new IllegalArgumentException("Not the name of a request");
		}
		return entry;
	}

	private static boolean isZero(@Nullable Long count) {
		return count == null || count == 0;
	}

}
