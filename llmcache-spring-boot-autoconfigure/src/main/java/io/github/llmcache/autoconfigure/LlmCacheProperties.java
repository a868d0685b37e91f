package io.github.llmcache.autoconfigure;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

import io.github.llmcache.CacheMode;
import io.github.llmcache.cache.SecretRedaction;
import io.github.llmcache.cache.encryption.EncryptionKey;
import io.github.llmcache.cache.encryption.EncryptionKeys;
import io.github.llmcache.cache.redis.RedisSettings;
import io.github.llmcache.cache.sqlite.SqliteSettings.Synchronous;
import io.github.llmcache.provider.RateLimits;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Properties of llmcache.
 *
 * @param enabled Whether answers are cached. If not, every request is a call of its
 * provider, and no storage is touched
 * @param backend Where entries are kept
 * @param directory Folder of the entries. By default 'llmcache' in the user's folder for
 * caches: $XDG_CACHE_HOME if it is set, otherwise .cache in the home folder
 * @param mode What requests use the cache for that do not say so themselves
 * @param namespace Namespace of requests that name none. Namespaces share no entries
 * @param timeToLive How long an answer may be used once it is stored. By default for ever
 * @param maxSize About the most space that the entries of a model take. The least
 * recently used go first. By default without bound
 * @param maxEntries About the most entries of a model. The least recently used go first.
 * By default without bound
 * @param models How long, and how much, is kept of single models by id, instead of what
 * is kept of all. An id with dots, slashes or colons needs brackets, as in '[gpt-4.1]'
 * @param maintenance How the store is kept in order
 * @param maxEntrySize Largest response to store, and the most memory that reading an
 * entry takes
 * @param storeRefusals Whether answers that were held back by a content filter, or that
 * the model declined to give, are stored like others
 * @param storeRequests Whether requests are kept beside their answers, to explain misses
 * and to export entries. They take about two thirds of the space
 * @param encryption With which keys entries are encrypted. By default they are not
 * @param explain How misses are explained
 * @param memory What is kept in memory as well
 * @param sqlite Settings of the 'sqlite' backend
 * @param redis Settings of the 'redis' backend. Where Redis is, is what
 * 'spring.data.redis' says
 * @param retry How calls of providers are tried again
 * @param batch How batches of BatchInferenceApi are watched
 * @param providers Providers by name. The names openai, anthropic, gemini, deepseek,
 * together, openrouter, huggingface, grayswan, vllm and ollama have presets
 * @param prices Prices of models
 * @param redaction What is taken out of what is stored
 * @param history What is kept of what was asked and answered, for people to read
 * @param health When the health indicator is down
 * @param ui The web page of the cache
 * @param printPrompts Whether everything that is asked and answered is printed to the
 * standard output, hits included, for somebody who looks on
 */
@ConfigurationProperties("llmcache")
public record LlmCacheProperties(@DefaultValue("true") boolean enabled, @DefaultValue("sqlite") Backend backend,
		@Nullable Path directory, @DefaultValue("read-write") CacheMode mode, @DefaultValue("") String namespace,
		@Nullable Duration timeToLive, @Nullable DataSize maxSize, @Nullable Long maxEntries,
		@DefaultValue Map<String, ModelRetention> models, @DefaultValue Maintenance maintenance,
		@DefaultValue("16MB") DataSize maxEntrySize, @DefaultValue("false") boolean storeRefusals,
		@DefaultValue("true") boolean storeRequests, @DefaultValue Encryption encryption, @DefaultValue Explain explain,
		@DefaultValue Memory memory, @DefaultValue Sqlite sqlite, @DefaultValue Redis redis, @DefaultValue Retry retry,
		@DefaultValue Batch batch, @DefaultValue Map<String, Provider> providers, @DefaultValue Prices prices,
		@DefaultValue Redaction redaction, @DefaultValue History history, @DefaultValue Health health,
		@DefaultValue Ui ui, @DefaultValue("false") boolean printPrompts) {

	/** Less than that is taken by an empty cache. */
	private static final DataSize SMALLEST_MAX_SIZE = DataSize.ofMegabytes(1);

	public LlmCacheProperties {
		requireInRange("llmcache.max-entry-size", maxEntrySize.toBytes(), 1, Integer.MAX_VALUE / 2);
		if (!enabled && mode == CacheMode.REPLAY) {
			throw new LlmCacheConfigurationException(
					"'llmcache.mode' is 'replay', but 'llmcache.enabled' is 'false': neither the cache nor a provider "
							+ "could answer.",
					"Remove one of them.");
		}
		requireRetention("llmcache.", new ModelRetention(timeToLive, maxSize, maxEntries));
		models.forEach((model, retention) -> requireRetention("llmcache.models.[" + model + "].", retention));
	}

	private static void requireRetention(String prefix, ModelRetention retention) {
		requireAtLeast(prefix + "time-to-live", retention.timeToLive(), Duration.ofMillis(1));
		DataSize maxSize = retention.maxSize();
		if (maxSize != null && maxSize.compareTo(SMALLEST_MAX_SIZE) < 0) {
			throw new LlmCacheConfigurationException("'" + prefix + "max-size' is too small.",
					"Set it to 1MB or more.");
		}
		Long maxEntries = retention.maxEntries();
		if (maxEntries != null) {
			requireInRange(prefix + "max-entries", maxEntries, 1, Long.MAX_VALUE);
		}
	}

	private static void requireInRange(String property, long value, long min, long max) {
		if (value < min || value > max) {
			throw new LlmCacheConfigurationException("'" + property + "' is " + value + ".",
					"Set it to a value from " + min + " to " + max + ".");
		}
	}

	private static void requireNotNegative(String property, Duration value) {
		if (value.isNegative()) {
			throw new LlmCacheConfigurationException("'" + property + "' is negative.",
					"Set it to a duration of zero or more, such as 500ms.");
		}
	}

	private static void requireAtLeast(String property, @Nullable Duration value, Duration least) {
		if (value != null && value.compareTo(least) < 0) {
			throw new LlmCacheConfigurationException("'" + property + "' is too short.",
					"Set it to a duration of " + least.toMillis() + "ms or more.");
		}
	}

	/**
	 * How long, and how much, is kept of a model.
	 *
	 * @param timeToLive How long an answer may be used once it is stored. By default as
	 * for all models
	 * @param maxSize About the most space that its entries take. By default as for all
	 * models
	 * @param maxEntries About the most entries. By default as for all models
	 */
	public record ModelRetention(@Nullable Duration timeToLive, @Nullable DataSize maxSize, @Nullable Long maxEntries) {
	}

	/**
	 * How the store is kept in order.
	 *
	 * @param enabled Whether this application deletes what has expired or is too much,
	 * and adds its statistics to those in the store. By default unless the mode is
	 * 'replay', 'read-only' or 'off'
	 * @param interval Time between two rounds
	 */
	public record Maintenance(@Nullable Boolean enabled, @DefaultValue("30s") Duration interval) {

		public Maintenance {
			requireAtLeast("llmcache.maintenance.interval", interval, Duration.ofMillis(1));
		}

	}

	/**
	 * Where entries are kept.
	 */
	public enum Backend {

		/** In SQLite databases, one a model. */
		SQLITE,

		/** In JSON files, one an entry, to be read, compared and committed. */
		FILE,

		/** In Redis. */
		REDIS

	}

	/**
	 * With which keys entries are encrypted.
	 *
	 * @param key Key with which entries are encrypted: 32 random bytes in Base64 or
	 * hexadecimal, as 'openssl rand -base64 32' makes them. By default nothing is
	 * encrypted
	 * @param previousKeys Keys with which entries were encrypted before. They are still
	 * found, one lookup later
	 */
	public record Encryption(@Nullable String key, @DefaultValue List<String> previousKeys) {

		public Encryption {
			if (key != null) {
				parse("llmcache.encryption.key", key);
			}
			else if (!previousKeys.isEmpty()) {
				throw new LlmCacheConfigurationException(
						"'llmcache.encryption.previous-keys' is set, but 'llmcache.encryption.key' is not.",
						"Set it to the key with which entries are to be encrypted.");
			}
			previousKeys.forEach((previous) -> parse("llmcache.encryption.previous-keys", previous));
		}

		private static EncryptionKey parse(String property, String key) {
			try {
				return EncryptionKey.parse(key);
			}
			catch (IllegalArgumentException ex) {
				// Neither the value nor the cause, which nobody may read
				throw new LlmCacheConfigurationException("'" + property + "' is no key. " + ex.getMessage() + ".",
						"Set it to 32 random bytes in Base64 or hexadecimal, such as 'openssl rand -base64 32' makes "
								+ "them. A password is none.");
			}
		}

		/**
		 * Return the keys.
		 * @return the keys, or {@code null} if nothing is encrypted
		 */
		@Nullable EncryptionKeys keys() {
			return (this.key != null) ? new EncryptionKeys(parse("llmcache.encryption.key", this.key),
					this.previousKeys.stream()
						.map((previous) -> parse("llmcache.encryption.previous-keys", previous))
						.toList())
					: null;
		}

		@Override
		public String toString() {
			return "Encryption[" + keys() + "]";
		}

	}

	/**
	 * How misses are explained.
	 *
	 * @param endpoint Whether POST /actuator/llmcache/explain explains misses, to whoever
	 * may use the endpoint
	 * @param showValues Whether explanations show the parts of prompts that differ, in
	 * messages of exceptions and over the endpoint. If not, they say where and how long
	 */
	public record Explain(@DefaultValue("false") boolean endpoint, @DefaultValue("false") boolean showValues) {
	}

	/**
	 * The web page of the cache.
	 *
	 * @param enabled Whether /actuator/llmcache/ui is a web page that shows the cache and
	 * its entries, to whoever may use the endpoint 'llmcache'. It has to be exposed. A
	 * model whose id begins with 'ui/' is not described by the endpoint then
	 * @param showContent Whether the page shows what was asked and answered. If not, it
	 * shows what is known about it
	 */
	public record Ui(@DefaultValue("false") boolean enabled, @DefaultValue("false") boolean showContent) {
	}

	/**
	 * What is kept in memory as well, of whatever backend.
	 *
	 * @param maximumSize About the most memory that it takes. 0 switches it off
	 * @param timeToLive How long it may go unnoticed that another process has changed or
	 * deleted an entry
	 */
	public record Memory(@DefaultValue("64MB") DataSize maximumSize, @DefaultValue("1m") Duration timeToLive) {

		public Memory {
			requireInRange("llmcache.memory.maximum-size", maximumSize.toBytes(), 0, Long.MAX_VALUE);
			requireNotNegative("llmcache.memory.time-to-live", timeToLive);
		}

	}

	/**
	 * Settings of the 'sqlite' backend.
	 *
	 * @param synchronous How hard a commit is forced to the disk. With 'normal' an
	 * acknowledged entry survives the end of the process, with 'full' also a power
	 * failure
	 * @param busyTimeout How long to wait for another process that is writing
	 * @param readers The most connections that read a database at the same time. By
	 * default as many as there are processors, at most 4
	 * @param mmapSize How much of a database is mapped into memory. Faster while the file
	 * is in the page cache, slower while it is not
	 * @param maxOpenFiles The most databases that are open at the same time
	 */
	public record Sqlite(@DefaultValue("normal") Synchronous synchronous, @DefaultValue("10s") Duration busyTimeout,
			@Nullable Integer readers, @DefaultValue("0B") DataSize mmapSize, @DefaultValue("64") int maxOpenFiles) {

		public Sqlite {
			requireNotNegative("llmcache.sqlite.busy-timeout", busyTimeout);
			requireInRange("llmcache.sqlite.max-open-files", maxOpenFiles, 1, Integer.MAX_VALUE);
			requireInRange("llmcache.sqlite.readers", (readers != null) ? readers : 1, 1, 256);
			requireInRange("llmcache.sqlite.mmap-size", mmapSize.toBytes(), 0, Long.MAX_VALUE);
		}

	}

	/**
	 * Settings of the 'redis' backend.
	 *
	 * @param keyPrefix What all its keys and its channel begin with
	 * @param commandTimeout How long to wait for an answer of Redis, whatever the
	 * application's own connection waits. What takes longer is a miss
	 * @param leaseTime How long an application that has died keeps others from making the
	 * calls that it was making
	 */
	public record Redis(@DefaultValue(RedisSettings.DEFAULT_KEY_PREFIX) String keyPrefix,
			@DefaultValue("500ms") Duration commandTimeout, @DefaultValue("10s") Duration leaseTime) {

		/** The shortest time after which a lease can be renewed before it ends. */
		private static final Duration SHORTEST_LEASE = Duration.ofMillis(100);

		public Redis {
			if (keyPrefix.indexOf('{') >= 0 || keyPrefix.indexOf('}') >= 0) {
				throw new LlmCacheConfigurationException("'llmcache.redis.key-prefix' contains braces.",
						"Leave them out: in a cluster they decide on which node a key is.");
			}
			requireAtLeast("llmcache.redis.command-timeout", commandTimeout, Duration.ofMillis(1));
			requireAtLeast("llmcache.redis.lease-time", leaseTime, SHORTEST_LEASE);
		}

	}

	/**
	 * How calls of providers are tried again.
	 *
	 * @param maxAttempts The most attempts of a call, including the first
	 * @param initialInterval Time before the second attempt
	 * @param multiplier By what the time grows with each further attempt
	 * @param maxInterval Longest time between attempts, unless the provider asks for more
	 * @param maxRetryAfter Longest time to wait because a provider asks for it. If it
	 * asks for more, the call fails at once
	 */
	public record Retry(@DefaultValue("4") int maxAttempts, @DefaultValue("500ms") Duration initialInterval,
			@DefaultValue("2") double multiplier, @DefaultValue("30s") Duration maxInterval,
			@DefaultValue("2m") Duration maxRetryAfter) {

		public Retry {
			requireInRange("llmcache.retry.max-attempts", maxAttempts, 1, 100);
			requireNotNegative("llmcache.retry.initial-interval", initialInterval);
			requireNotNegative("llmcache.retry.max-interval", maxInterval);
			requireNotNegative("llmcache.retry.max-retry-after", maxRetryAfter);
			if (!(multiplier >= 1)) {
				throw new LlmCacheConfigurationException("'llmcache.retry.multiplier' is " + multiplier + ".",
						"Set it to 1 or more.");
			}
		}

	}

	/**
	 * How batches of BatchInferenceApi are watched.
	 *
	 * @param pollInterval Time before a provider is first asked how a batch gets on. It
	 * is asked less and less often
	 * @param maxPollInterval Longest time between two such questions
	 */
	public record Batch(@DefaultValue("5s") Duration pollInterval, @DefaultValue("2m") Duration maxPollInterval) {

		public Batch {
			requireAtLeast("llmcache.batch.poll-interval", pollInterval, Duration.ofMillis(1));
			requireAtLeast("llmcache.batch.max-poll-interval", maxPollInterval, Duration.ofMillis(1));
		}

	}

	/**
	 * A provider. What is not set comes from the preset of its name.
	 *
	 * @param protocol Protocol that it speaks
	 * @param baseUrl URL below which its operations are
	 * @param apiKey Key. By default the environment variable that its own tools use, such
	 * as OPENAI_API_KEY
	 * @param maxConcurrency The most calls at the same time
	 * @param connectTimeout The most time to connect
	 * @param timeout The most time from sending a request to the end of its response
	 * @param headers Headers to send with every request. They do not tell entries of the
	 * cache apart: where they change answers, set 'cache-identity' too
	 * @param models Models that it answers for: ids, or prefixes followed by '*'
	 * @param cacheIdentity What tells its endpoint from others in cache keys. By default
	 * its base URL: set it to share entries between URLs that answer the same
	 * @param maxTokensParameter Name under which it wants the most tokens to answer
	 * @param pricedAs Provider whose known prices it has, such as 'openai'. By default
	 * the one of its own name, or none if it has a base URL of its own
	 * @param requestsPerMinute The most requests a minute to each of its models, evenly
	 * spread
	 * @param tokensPerMinute The most tokens of prompts and answers a minute to each of
	 * its models, evenly spread
	 * @param rateLimitFraction Part of these limits, and of those that the provider
	 * reports, that is used, up to 1
	 * @param limits Limits of single models by id. They go before those of the provider.
	 * An id with dots, slashes or colons needs brackets, as in '[gpt-4.1]'
	 */
	public record Provider(@Nullable String protocol, @Nullable String baseUrl, @Nullable String apiKey,
			@Nullable Integer maxConcurrency, @Nullable Duration connectTimeout, @Nullable Duration timeout,
			@DefaultValue Map<String, String> headers, @Nullable List<String> models, @Nullable String cacheIdentity,
			@Nullable String maxTokensParameter, @Nullable String pricedAs, @Nullable Integer requestsPerMinute,
			@Nullable Integer tokensPerMinute, @DefaultValue("" + RateLimits.DEFAULT_FRACTION) double rateLimitFraction,
			@DefaultValue Map<String, ModelLimits> limits) {

		/**
		 * Describe the provider without its key, headers and base URL, in which somebody
		 * may have written a password.
		 */
		@Override
		public String toString() {
			return "Provider[protocol=" + this.protocol + "]";
		}

	}

	/**
	 * What is taken out of what is stored.
	 *
	 * @param enabled Whether secrets of known forms, such as API keys, tokens and private
	 * keys, are replaced in the requests and answers that are stored, and in the history.
	 * An answer from the cache is without them, too
	 * @param patterns Regular expressions of further secrets, by the names that take
	 * their place
	 */
	public record Redaction(@DefaultValue("false") boolean enabled, @DefaultValue Map<String, String> patterns) {

		private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

		public Redaction {
			patterns.forEach((name, regex) -> {
				if (!NAME.matcher(name).matches()) {
					throw new LlmCacheConfigurationException(
							"'llmcache.redaction.patterns' has a name with other characters than letters, digits, "
									+ "'-', '_' and '.', or a longer one than 64.",
							"Choose another name.");
				}
				compile(name, regex);
			});
		}

		SecretRedaction toRedaction() {
			if (!this.enabled) {
				return SecretRedaction.NONE;
			}
			Map<String, Pattern> compiled = new LinkedHashMap<>();
			this.patterns.forEach((name, regex) -> compiled.put(name, compile(name, regex)));
			return SecretRedaction.of(compiled);
		}

		private static Pattern compile(String name, String regex) {
			try {
				return Pattern.compile(regex);
			}
			catch (PatternSyntaxException ex) {
				// Not quoted: it can be somebody's secret itself
				throw new LlmCacheConfigurationException(
						"'llmcache.redaction.patterns." + name + "' is no regular expression: " + ex.getDescription()
								+ " near index " + ex.getIndex() + ".",
						"Correct it; java.util.regex.Pattern tells the syntax.");
			}
		}

		/**
		 * Describe it without the patterns.
		 */
		@Override
		public String toString() {
			return "Redaction[enabled=" + this.enabled + ", patterns=" + this.patterns.keySet() + "]";
		}

	}

	/**
	 * What is kept of what was asked and answered, for people to read.
	 *
	 * @param enabled Whether everything that providers are asked, and what they answer,
	 * is written to text files, one a request
	 * @param directory Folder of the files. By default 'history' in 'llmcache.directory'
	 */
	public record History(@DefaultValue("false") boolean enabled, @Nullable Path directory) {
	}

	/**
	 * When the health indicator is down.
	 *
	 * @param diskSpaceThreshold Least space that has to be left where the entries are, as
	 * long as this application stores any
	 */
	public record Health(@DefaultValue("10MB") DataSize diskSpaceThreshold) {

		public Health {
			requireInRange("llmcache.health.disk-space-threshold", diskSpaceThreshold.toBytes(), 0, Long.MAX_VALUE);
		}

	}

	/**
	 * Limits of a model.
	 *
	 * @param requestsPerMinute The most requests a minute. By default those of the
	 * provider
	 * @param tokensPerMinute The most tokens of prompts and answers a minute. By default
	 * those of the provider
	 */
	public record ModelLimits(@Nullable Integer requestsPerMinute, @Nullable Integer tokensPerMinute) {
	}

	/**
	 * Prices of models.
	 *
	 * @param file File of prices in the community's JSON format, with members such as
	 * 'input_cost_per_token'. Goes before the prices that come with llmcache
	 * @param models Prices by the model's id, or by 'provider/model'. Go before all
	 * others. An id with dots, slashes or colons needs brackets, as in '[gpt-4.1]'
	 */
	public record Prices(@Nullable Path file, @DefaultValue Map<String, Price> models) {
	}

	/**
	 * Price of a model in US dollars per million tokens.
	 *
	 * @param input Price of the prompt
	 * @param output Price of the answer
	 * @param cachedInput Price of the part of the prompt that the provider's own cache
	 * answered. By default that of the prompt
	 * @param cacheWrite Price of the part of the prompt that was written to the
	 * provider's own cache. By default that of the prompt
	 * @param batchInput Price of the prompt in a batch
	 * @param batchOutput Price of the answer in a batch
	 */
	public record Price(@Nullable BigDecimal input, @Nullable BigDecimal output, @Nullable BigDecimal cachedInput,
			@Nullable BigDecimal cacheWrite, @Nullable BigDecimal batchInput, @Nullable BigDecimal batchOutput) {
	}

}
