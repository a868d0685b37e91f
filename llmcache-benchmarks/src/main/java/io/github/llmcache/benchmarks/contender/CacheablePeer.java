package io.github.llmcache.benchmarks.contender;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

import io.github.llmcache.ChatMessage;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.benchmarks.workload.Exchange;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.caffeine.CaffeineCacheManager;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.cache.RedisCacheManager;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * A method with Spring's {@link Cacheable}, with all defaults: its arguments are the key,
 * the body of the response is the value.
 */
public final class CacheablePeer implements Contender {

	private static final String CACHE = "completions";

	private final String name;

	private final JsonMapper mapper = new JsonMapper();

	/** What the provider would answer now. */
	private final AtomicReference<@Nullable String> answer = new AtomicReference<>();

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	private final Completions completions;

	private CacheablePeer(String name, CacheManager caches) {
		this.name = name;
		this.context.register(Caching.class);
		this.context.registerBean("cacheManager", CacheManager.class, () -> caches);
		this.context.registerBean(Completions.class, () -> new Completions(this.answer));
		this.context.refresh();
		this.completions = this.context.getBean(Completions.class);
	}

	/**
	 * Create an instance on Caffeine.
	 * @return the instance
	 */
	public static CacheablePeer onCaffeine() {
		return new CacheablePeer("@Cacheable (caffeine)", new CaffeineCacheManager(CACHE));
	}

	/**
	 * Create an instance on Redis.
	 * @param connections the connection to Redis
	 * @return the instance
	 */
	public static CacheablePeer onRedis(RedisConnectionFactory connections) {
		return new CacheablePeer("@Cacheable (redis)", RedisCacheManager.create(connections));
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public void store(List<Exchange> exchanges) {
		for (Exchange exchange : exchanges) {
			this.answer.set(new String(exchange.body(), StandardCharsets.UTF_8));
			complete(exchange.request());
		}
		this.answer.set(null);
	}

	@Override
	public Session open() {
		return (request) -> {
			String body = complete(request);
			return (body != null) ? this.mapper.readTree(body) : null;
		};
	}

	private @Nullable String complete(InferenceRequest request) {
		String prompt = request.prompt().messages().stream().map(ChatMessage::text).collect(Collectors.joining("\n"));
		return this.completions.complete(request.model(), prompt, request.parameters().temperature(),
				request.parameters().maxTokens());
	}

	@Override
	public void close() throws IOException {
		this.context.close();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableCaching
	static class Caching {

	}

	/**
	 * What an application would have.
	 */
	static class Completions {

		private final AtomicReference<@Nullable String> answer;

		Completions(AtomicReference<@Nullable String> answer) {
			this.answer = answer;
		}

		@Cacheable(cacheNames = CACHE, unless = "#result == null")
		public @Nullable String complete(String model, String prompt, @Nullable Double temperature,
				@Nullable Integer maxTokens) {
			return this.answer.get();
		}

	}

}
