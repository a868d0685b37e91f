package io.github.llmcache.autoconfigure;

import io.github.llmcache.InferenceApi;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.cache.redis.RedisCacheStore;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;

/**
 * Leaves the application's connection to Redis before it is stopped, which happens before
 * any bean is closed: what has been asked of providers by then is still saved, and what
 * has been counted.
 */
class RedisConnectionGuest implements SmartLifecycle, ApplicationListener<ContextClosedEvent> {

	/** After web servers, which have requests to finish, and before connections, at 0. */
	private static final int PHASE = 1000;

	private final RedisCacheStore store;

	private final @Nullable InferenceApi inference;

	private final @Nullable CacheManager cache;

	private volatile boolean closing;

	private volatile boolean running;

	RedisConnectionGuest(RedisCacheStore store, @Nullable InferenceApi inference, @Nullable CacheManager cache) {
		this.store = store;
		this.inference = inference;
		this.cache = cache;
	}

	@Override
	public void onApplicationEvent(ContextClosedEvent event) {
		this.closing = true;
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
		// A context that is only paused is started again
		if (this.closing) {
			close(this.inference);
			// What it has counted as well
			close(this.cache);
		}
		this.store.disconnect();
	}

	private static void close(@Nullable Object bean) {
		if (bean instanceof AutoCloseable closeable) {
			try {
				closeable.close();
			}
			catch (Exception ex) {
				throw new IllegalStateException(bean.getClass().getSimpleName() + " could not be closed", ex);
			}
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
