package io.github.llmcache.autoconfigure.endpoint;

import java.time.Clock;

import io.github.llmcache.InferenceApi;
import io.github.llmcache.actuate.endpoint.LlmCacheEndpoint;
import io.github.llmcache.actuate.endpoint.LlmCacheUi;
import io.github.llmcache.actuate.endpoint.LlmCacheUi.ErrorDescriptor;
import io.github.llmcache.actuate.endpoint.UiEntries;
import io.github.llmcache.actuate.endpoint.UiEntries.ContentfulEntryDescriptor;
import io.github.llmcache.actuate.endpoint.UiEntries.EntriesDescriptor;
import io.github.llmcache.actuate.endpoint.UiOverview;
import io.github.llmcache.actuate.endpoint.UiOverview.OverviewDescriptor;
import io.github.llmcache.actuate.endpoint.UiOverview.UiCapabilities;
import io.github.llmcache.autoconfigure.LlmCacheProperties;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.EntryBrowser;
import io.github.llmcache.cache.encryption.StoreEncryption;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.EndpointAccessResolver;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The web page, which is a part of the endpoint.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty("llmcache.ui.enabled")
@RegisterReflectionForBinding({ OverviewDescriptor.class, EntriesDescriptor.class, ContentfulEntryDescriptor.class,
		ErrorDescriptor.class })
@ConditionalOnAvailableEndpoint(endpoint = LlmCacheEndpoint.class, exposure = EndpointExposure.WEB)
class LlmCacheUiConfiguration {

	private final Clock clock = Clock.systemUTC();

	@Bean
	LlmCacheUi llmCacheUi(LlmCacheEndpoint endpoint, CacheManager cacheManager, ObjectProvider<CacheStore> store,
			ObjectProvider<StoreEncryption> encryption, ObjectProvider<InferenceApi> inferenceApi,
			ObjectProvider<EndpointAccessResolver> accessResolver, LlmCacheProperties properties) {
		boolean writable = isWritable(accessResolver.getIfAvailable());
		UiCapabilities capabilities = new UiCapabilities(properties.ui().showContent(),
				writable && properties.explain().endpoint() && inferenceApi.getIfAvailable() != null,
				properties.explain().showValues(), writable);
		return new LlmCacheUi(new UiOverview(endpoint, cacheManager, capabilities, this.clock),
				new UiEntries(
						browser(properties.enabled() ? store.getIfAvailable() : null, encryption.getIfAvailable()),
						properties.ui().showContent()));
	}

	private @Nullable EntryBrowser browser(@Nullable CacheStore store, @Nullable StoreEncryption encryption) {
		if (store == null) {
			return null;
		}
		return new EntryBrowser((encryption != null) ? encryption.over(store) : store, this.clock);
	}

	private static boolean isWritable(@Nullable EndpointAccessResolver resolver) {
		return resolver == null
				|| resolver.accessFor(EndpointId.of("llmcache"), Access.UNRESTRICTED) == Access.UNRESTRICTED;
	}

}
