package io.github.llmcache.cache.encryption;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import io.github.llmcache.cache.StoreMark;
import org.jspecify.annotations.Nullable;

/**
 * With which keys the entries of a cache may have been written, as its {@link StoreMark}
 * says it.
 *
 * @param ids the identifiers of the keys, or {@link #PLAIN}; the first is what the cache
 * is to be written with. Empty if the cache has never been encrypted
 */
record WrittenWith(List<String> ids) {

	/** Instead of the identifier of a key: not encrypted. */
	static final String PLAIN = "plain";

	/** More than are in use, and as many as fit into a mark. */
	static final int MAX_IDS = 32;

	static final WrittenWith NOTHING = new WrittenWith(List.of());

	private static final String VERSION = "llmcache 1";

	private static final Pattern ID = Pattern.compile(PLAIN + "|[0-9a-f]{" + 2 * EncryptionKey.ID_LENGTH + "}");

	/**
	 * Read a mark.
	 * @param mark the mark, or {@code null} if there is none
	 * @return what it says
	 * @throws EncryptionMismatchException if it cannot be understood
	 */
	static WrittenWith parse(byte @Nullable [] mark) {
		if (mark == null) {
			return NOTHING;
		}
		List<String> words = List.of(new String(mark, StandardCharsets.US_ASCII).strip().split(" "));
		List<String> ids = words.subList(Math.min(2, words.size()), words.size());
		if (mark.length > StoreMark.MAX_LENGTH || ids.isEmpty()
				|| !String.join(" ", words.subList(0, 2)).equals(VERSION)
				|| !ids.stream().allMatch((id) -> ID.matcher(id).matches())) {
			throw new EncryptionMismatchException(
					"What says with which key the cache is encrypted is damaged or of a later version.",
					"Use the version of llmcache that has written it, or restore it from a backup.");
		}
		return new WrittenWith(List.copyOf(ids));
	}

	byte @Nullable [] toBytes() {
		return this.ids.isEmpty() ? null
				: (VERSION + " " + String.join(" ", this.ids) + "\n").getBytes(StandardCharsets.US_ASCII);
	}

	boolean isPlain() {
		return this.ids.isEmpty() || this.ids.get(0).equals(PLAIN);
	}

	WrittenWith first(String id) {
		List<String> all = new ArrayList<>();
		all.add(id);
		this.ids.stream().filter((other) -> !other.equals(id)).limit(MAX_IDS - 1).forEach(all::add);
		return new WrittenWith(List.copyOf(all));
	}

	@Override
	public String toString() {
		return String.join(" and ", this.ids);
	}

}
