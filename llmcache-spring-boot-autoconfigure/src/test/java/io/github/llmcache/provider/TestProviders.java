package io.github.llmcache.provider;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Providers and JSON for tests of protocols.
 */
public final class TestProviders {

	public static final String API_KEY = "sk-test-0123456789";

	private TestProviders() {
	}

	public static ProviderDefinition of(ProviderProtocol protocol) {
		return of(protocol, "max_tokens", API_KEY, Map.of());
	}

	public static ProviderDefinition of(ProviderProtocol protocol, String maxTokensParameter, @Nullable String apiKey,
			Map<String, String> headers) {
		return new ProviderDefinition("acme", protocol, URI.create("https://acme.test/v1"), apiKey, true, 8,
				Duration.ofSeconds(1), Duration.ofSeconds(10), headers, List.of(), null, maxTokensParameter,
				RateLimits.NONE);
	}

	public static ObjectNode json(String json, ProviderDefinition provider) {
		return WireJson.readResponse(bytes(json), provider);
	}

	public static byte[] bytes(String json) {
		return json.getBytes(StandardCharsets.UTF_8);
	}

}
