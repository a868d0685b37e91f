package io.github.llmcache.cache.redis;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.CacheStoreUnavailableException;
import io.github.llmcache.cache.SharedCacheStore.ChangeListener;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.Message;
import org.springframework.data.redis.connection.MessageListener;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.SubscriptionListener;

/**
 * Tells other processes what this one changes, and listens to what they change. Messages
 * can be lost while there is no connection, which is why everything counts as changed
 * when there is one again. Thread-safe.
 */
final class ChangeChannel implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(RedisCacheStore.class);

	private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

	private final byte[] sender;

	private final RedisConnectionFactory factory;

	private final RedisAccess access;

	private final byte[] channel;

	private final ConnectingThread thread = new ConnectingThread("llmcache-redis-subscribe");

	private final Object lock = new Object();

	private volatile @Nullable ChangeListener listener;

	private volatile boolean done;

	private boolean subscribing;

	private boolean failing;

	private @Nullable Long retryAt;

	private @Nullable RedisConnection subscription;

	private boolean closed;

	ChangeChannel(RedisConnectionFactory factory, RedisAccess access, byte[] channel) {
		this.factory = factory;
		this.access = access;
		this.channel = channel;
		UUID id = UUID.randomUUID();
		this.sender = ByteBuffer.allocate(ChangeMessage.SENDER_LENGTH)
			.putLong(id.getMostSignificantBits())
			.putLong(id.getLeastSignificantBits())
			.array();
	}

	void listen(ChangeListener listener) {
		this.listener = listener;
	}

	/**
	 * Subscribe in the background, unless nobody listens or it has been done. Called
	 * whenever Redis has just answered: once it has, the connection restores the
	 * subscription by itself.
	 */
	void subscribe() {
		if (this.done || this.listener == null) {
			return;
		}
		synchronized (this.lock) {
			if (this.closed || this.subscribing || this.subscription != null
					|| this.retryAt != null && System.nanoTime() - this.retryAt < 0) {
				return;
			}
			this.subscribing = true;
			if (!this.thread.start(this::subscribeNow)) {
				failed(new CacheStoreUnavailableException("No thread can be started to listen to Redis", null));
			}
		}
	}

	private void subscribeNow() {
		RedisConnection connection = null;
		try {
			connection = this.factory.getConnection();
			connection.subscribe(new Receiver(), this.channel);
			subscribed(connection);
		}
		catch (RuntimeException ex) {
			if (connection != null) {
				connection.close();
			}
			failed(ex);
		}
	}

	private void subscribed(RedisConnection connection) {
		synchronized (this.lock) {
			this.subscribing = false;
			if (!this.closed) {
				this.subscription = connection;
				this.done = true;
				if (this.failing) {
					logger.info("Changes by other processes are noticed at once again");
				}
				return;
			}
		}
		connection.close();
	}

	private void failed(RuntimeException failure) {
		synchronized (this.lock) {
			this.subscribing = false;
			this.retryAt = System.nanoTime() + RETRY_AFTER.toNanos();
			if (!this.failing && !Thread.currentThread().isInterrupted() && !this.closed) {
				this.failing = true;
				logger.warn("Changes by other processes are noticed only after llmcache.memory.time-to-live: "
						+ RedisFailures.translate(failure).getMessage());
			}
		}
	}

	/**
	 * Tell others that entries have been replaced, added to or deleted.
	 * @param keys their keys
	 */
	void entriesChanged(Collection<CacheKey> keys) {
		Map<String, Set<Long>> byModel = keys.stream()
			.collect(Collectors.groupingBy(CacheKey::model,
					Collectors.mapping(CacheKey::fingerprint, Collectors.toSet())));
		byModel.forEach((model, fingerprints) -> publish(new ChangeMessage(this.sender, model, fingerprints)));
	}

	/**
	 * Tell others that any entry may have been changed.
	 * @param model the model's id, or {@code null} for all models
	 */
	void allChanged(@Nullable String model) {
		publish(new ChangeMessage(this.sender, model, Set.of()));
	}

	private void publish(ChangeMessage message) {
		try {
			this.access.use((commands, replies) -> replies.await(commands.publish(this.channel, message.toBytes())));
		}
		catch (CacheStoreException ex) {
			// What was changed is changed: others notice later
			logger.debug("Other processes could not be told of a change", ex);
		}
	}

	private void received(byte[] bytes) {
		ChangeListener listener = this.listener;
		if (listener == null) {
			return;
		}
		ChangeMessage message = ChangeMessage.read(bytes);
		if (message == null) {
			// Perhaps of a newer version
			listener.allChanged(null);
		}
		else if (!message.isFrom(this.sender)) {
			if (message.model() == null || message.fingerprints().isEmpty()) {
				listener.allChanged(message.model());
			}
			else {
				listener.entriesChanged(message.model(), message.fingerprints());
			}
		}
	}

	/**
	 * Give up the subscription, before its connection is stopped. There is another one
	 * with the next use.
	 */
	void unsubscribe() {
		this.thread.end();
		RedisConnection connection;
		synchronized (this.lock) {
			connection = this.subscription;
			this.subscription = null;
			this.done = false;
		}
		if (connection != null) {
			connection.close();
		}
	}

	@Override
	public void close() {
		synchronized (this.lock) {
			this.closed = true;
		}
		unsubscribe();
	}

	/**
	 * Receives messages, on a thread of the connection.
	 */
	private final class Receiver implements MessageListener, SubscriptionListener {

		@Override
		public void onMessage(Message message, byte @Nullable [] pattern) {
			received(message.getBody());
		}

		@Override
		public void onChannelSubscribed(byte[] channel, long count) {
			ChangeListener listener = ChangeChannel.this.listener;
			if (listener != null) {
				listener.allChanged(null);
			}
		}

	}

}
