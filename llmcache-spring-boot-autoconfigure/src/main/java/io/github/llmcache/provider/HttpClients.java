package io.github.llmcache.provider;

import java.net.http.HttpClient;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.http.client.JdkClientHttpRequestFactoryBuilder;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/**
 * Creates the HTTP clients of providers: as the application has customized them, except
 * for what must be as it is. Thread-safe.
 */
final class HttpClients {

	private final Supplier<RestClient.Builder> builders;

	private final JdkClientHttpRequestFactoryBuilder requestFactoryBuilder;

	private final HttpClientSettings settings;

	HttpClients(Supplier<RestClient.Builder> builders, JdkClientHttpRequestFactoryBuilder requestFactoryBuilder,
			HttpClientSettings settings) {
		this.builders = builders;
		this.requestFactoryBuilder = requestFactoryBuilder;
		this.settings = settings;
	}

	/**
	 * Create a client.
	 * @param requestFactory creates what sends its requests with the HTTP client
	 * @param provider the provider that it calls
	 * @return the client
	 */
	RestClient createRestClient(Function<HttpClient, ClientHttpRequestFactory> requestFactory,
			ProviderDefinition provider) {
		return this.builders.get().clone().requestFactory(requestFactory.apply(createHttpClient(provider))).build();
	}

	private HttpClient createHttpClient(ProviderDefinition provider) {
		AtomicReference<HttpClient.@Nullable Builder> configured = new AtomicReference<>();
		// Boot's builder is the one that knows the application's customizers and SSL
		// bundles, but it keeps the HTTP client to itself
		this.requestFactoryBuilder.withHttpClientCustomizer(configured::set)
			.build(this.settings.withTimeouts(provider.connectTimeout(), null)
				.withRedirects(HttpRedirects.DONT_FOLLOW));
		return Objects.requireNonNull(configured.get(), "No HTTP client was built")
			.connectTimeout(provider.connectTimeout())
			.followRedirects(HttpClient.Redirect.NEVER)
			// The JDK offers h2c on plain connections, with which uvicorn, and so vLLM,
			// loses the body; and calls that take seconds gain nothing from HTTP/2
			.version(HttpClient.Version.HTTP_1_1)
			.build();
	}

}
