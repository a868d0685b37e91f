package io.github.llmcache.cache.redis;

import java.util.List;
import java.util.function.Consumer;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.ScanArgs;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the names of entries with SCAN, which lets Redis do something else in
 * between, node by node in a cluster. It looks at each key that there is, whoever it
 * belongs to. A name may come twice if Redis rearranges its keys meanwhile. Thread-safe.
 */
final class EntryNames {

	/** How many keys Redis looks at in one step. */
	private static final int STEP = 1000;

	private final RedisAccess access;

	private final RedisKeys keys;

	EntryNames(RedisAccess access, RedisKeys keys) {
		this.access = access;
		this.keys = keys;
	}

	/**
	 * Go through the names of entries.
	 * @param model the model's id, or {@code null} for all models
	 * @param action is given names, some at a time
	 */
	void forEach(@Nullable String model, Consumer<List<byte[]>> action) {
		forEach(this.keys.entries(model), (page) -> {
			List<byte[]> names = page.stream().filter((name) -> this.keys.keyHash(name) != null).toList();
			if (!names.isEmpty()) {
				action.accept(names);
			}
		});
	}

	/**
	 * Go through the names of everything that begins as our names do.
	 * @param action is given names, some at a time
	 */
	void forEachOfAll(Consumer<List<byte[]>> action) {
		forEach(this.keys.everything(), action);
	}

	private void forEach(byte[] match, Consumer<List<byte[]>> action) {
		ScanArgs pattern = ScanArgs.Builder.limit(STEP).match(match);
		KeyScanCursor<byte[]> cursor = null;
		while (cursor == null || !cursor.isFinished()) {
			KeyScanCursor<byte[]> last = cursor;
			cursor = this.access.use((commands, replies) -> replies
				.await((last != null) ? commands.scan(last, pattern) : commands.scan(pattern)));
			if (cursor == null) {
				return;
			}
			if (!cursor.getKeys().isEmpty()) {
				action.accept(cursor.getKeys());
			}
		}
	}

}
