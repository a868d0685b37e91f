package io.github.llmcache.autoconfigure;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import io.github.llmcache.autoconfigure.LlmCacheProperties.ModelRetention;
import io.github.llmcache.cache.Retention;
import io.github.llmcache.cache.RetentionPolicy;
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * The {@link RetentionPolicy} that is configured.
 */
final class ConfiguredRetention implements RetentionPolicy {

	private final Map<String, Retention> models = new HashMap<>();

	private final Retention others;

	ConfiguredRetention(LlmCacheProperties properties) {
		this.others = retention(properties.timeToLive(), properties.maxSize(), properties.maxEntries());
		properties.models().forEach((model, retention) -> this.models.put(model, orOthers(retention)));
	}

	private Retention orOthers(ModelRetention model) {
		Retention own = retention(model.timeToLive(), model.maxSize(), model.maxEntries());
		return new Retention((own.timeToLive() != null) ? own.timeToLive() : this.others.timeToLive(),
				(own.maxBytes() != null) ? own.maxBytes() : this.others.maxBytes(),
				(own.maxEntries() != null) ? own.maxEntries() : this.others.maxEntries());
	}

	private static Retention retention(@Nullable Duration timeToLive, @Nullable DataSize maxSize,
			@Nullable Long maxEntries) {
		return new Retention(timeToLive, (maxSize != null) ? maxSize.toBytes() : null, maxEntries);
	}

	@Override
	public Retention of(String model) {
		return this.models.getOrDefault(model, this.others);
	}

}
