package io.github.llmcache.cache.redis;

import java.util.ArrayList;
import java.util.List;

import io.github.llmcache.cache.RequestHashes;
import io.github.llmcache.cache.StoreFailures;
import io.lettuce.core.RedisFuture;
import org.jspecify.annotations.Nullable;

/**
 * The hashes of some requests, which are read together as soon as those of one are
 * wanted. Used by one thread.
 */
final class RequestPage {

	private final RedisAccess access;

	private final List<byte[]> names;

	private @Nullable List<@Nullable RequestHashes> hashes;

	RequestPage(RedisAccess access, List<byte[]> names) {
		this.access = access;
		this.names = names;
	}

	/**
	 * Return the hashes of a request.
	 * @param index its place in the page
	 * @return the hashes, or {@code null} if it is not stored or cannot be read
	 */
	@Nullable RequestHashes hashes(int index) {
		if (this.hashes == null) {
			this.hashes = read();
		}
		return this.hashes.get(index);
	}

	private List<@Nullable RequestHashes> read() {
		List<byte @Nullable []> beginnings = beginnings(this.names, RequestValue.USUAL_HASHES);
		List<@Nullable RequestHashes> hashes = new ArrayList<>(this.names.size());
		for (int i = 0; i < this.names.size(); i++) {
			byte[] beginning = beginnings.get(i);
			long length = (beginning != null) ? RequestValue.hashesLength(beginning) : 0;
			if (beginning != null && beginning.length == RequestValue.USUAL_HASHES && length > beginning.length) {
				beginning = beginnings(List.of(this.names.get(i)), length).get(0);
			}
			hashes.add((beginning != null) ? RequestValue.hashes(beginning) : null);
		}
		return hashes;
	}

	private List<byte @Nullable []> beginnings(List<byte[]> names, long length) {
		List<byte @Nullable []> beginnings = new ArrayList<>(names.size());
		this.access.use((commands, replies) -> {
			List<RedisFuture<byte[]>> values = names.stream()
				.map((name) -> commands.getrange(name, 0, length - 1))
				.toList();
			StoreFailures refused = new StoreFailures();
			beginnings.addAll(replies.awaitEach(values, refused));
			RedisFailures.throwUnlessWrongType(refused);
			return null;
		});
		return beginnings;
	}

}
