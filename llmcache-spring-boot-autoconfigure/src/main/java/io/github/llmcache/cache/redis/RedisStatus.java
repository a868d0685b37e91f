package io.github.llmcache.cache.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.CacheStoreUnavailableException;
import io.github.llmcache.cache.StoreStatus;
import io.lettuce.core.SetArgs;
import io.lettuce.core.cluster.api.async.RedisAdvancedClusterAsyncCommands;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether Redis can be used, by using it. Thread-safe.
 */
final class RedisStatus {

	/** Whoever is killed in between leaves nothing behind for longer. */
	private static final Duration PROBE_TIME = Duration.ofSeconds(10);

	private static final Pattern VALKEY_VERSION = Pattern.compile("^valkey_version:(\\S+)", Pattern.MULTILINE);

	private static final Pattern REDIS_VERSION = Pattern.compile("^redis_version:(\\S+)", Pattern.MULTILINE);

	private static final Pattern MAX_MEMORY = Pattern.compile("^maxmemory:(\\d{1,18})\\s", Pattern.MULTILINE);

	private static final Pattern USED_MEMORY = Pattern.compile("^used_memory:(\\d{1,18})\\s", Pattern.MULTILINE);

	private final RedisAccess access;

	private final RedisKeys keys;

	RedisStatus(RedisAccess access, RedisKeys keys) {
		this.access = access;
		this.keys = keys;
	}

	StoreStatus find() {
		byte[] name = this.keys.status(UUID.randomUUID().toString());
		String readFailure = failure((commands, replies) -> replies.await(commands.get(name)));
		if (readFailure != null) {
			return new StoreStatus(readFailure, readFailure, null, null);
		}
		String writeFailure = failure((commands, replies) -> write(name, commands, replies));
		return new StoreStatus(null, writeFailure, version(), freeBytes());
	}

	private static @Nullable Object write(byte[] name, RedisClusterAsyncCommands<byte[], byte[]> commands,
			Replies replies) {
		replies.await(commands.set(name, name, SetArgs.Builder.px(PROBE_TIME)));
		byte[] value = replies.await(commands.get(name));
		replies.await(commands.unlink(name));
		if (!Arrays.equals(name, value)) {
			throw new CacheStoreException("Redis does not return what has just been written", null);
		}
		return null;
	}

	private @Nullable String failure(RedisAccess.Use<?> use) {
		try {
			this.access.use(use);
			return null;
		}
		catch (CacheStoreUnavailableException ex) {
			return "Redis is unreachable. " + ex.getMessage();
		}
		catch (CacheStoreException ex) {
			return ex.getMessage();
		}
	}

	private @Nullable String version() {
		for (String info : info("server")) {
			String valkey = find(VALKEY_VERSION, info);
			String redis = find(REDIS_VERSION, info);
			if (valkey != null || redis != null) {
				return (valkey != null) ? "Valkey " + valkey : "Redis " + redis;
			}
		}
		return null;
	}

	/**
	 * Return how much memory is left, in a cluster of all nodes that hold entries.
	 */
	private @Nullable Long freeBytes() {
		Long free = null;
		for (String info : info("memory")) {
			String max = find(MAX_MEMORY, info);
			String used = find(USED_MEMORY, info);
			if (max == null || used == null || Long.parseLong(max) == 0) {
				return null;
			}
			free = ((free != null) ? free : 0) + Math.max(0, Long.parseLong(max) - Long.parseLong(used));
		}
		return free;
	}

	private static @Nullable String find(Pattern pattern, String info) {
		Matcher matcher = pattern.matcher(info);
		return matcher.find() ? matcher.group(1) : null;
	}

	/**
	 * Ask each node that holds entries about itself.
	 * @return what they say, nothing if this user may not ask
	 */
	private List<String> info(String section) {
		List<String> infos = new ArrayList<>();
		try {
			this.access.use((commands, replies) -> {
				List<CompletionStage<String>> pending = new ArrayList<>();
				if (commands instanceof RedisAdvancedClusterAsyncCommands<byte[], byte[]> cluster) {
					cluster.upstream().commands().info(section).forEach(pending::add);
				}
				else {
					pending.add(commands.info(section));
				}
				for (CompletionStage<String> one : pending) {
					String info = replies.await(one.toCompletableFuture());
					infos.add((info != null) ? info : "");
				}
				return null;
			});
		}
		catch (CacheStoreException ex) {
			infos.clear();
		}
		return infos;
	}

}
