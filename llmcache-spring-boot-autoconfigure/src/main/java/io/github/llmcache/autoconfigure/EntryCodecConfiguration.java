package io.github.llmcache.autoconfigure;

import io.github.llmcache.cache.EntryCodec;

import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What compresses entries, for the backends that need it. A bean of its own, so that its
 * native memory is released after the store is closed.
 */
@Configuration(proxyBeanMethods = false)
class EntryCodecConfiguration {

	@Bean
	@ConditionalOnMissingBean
	EntryCodec llmCacheEntryCodec(LlmCacheProperties properties) {
		return new EntryCodec(properties.maxEntrySize().toBytes());
	}

}
