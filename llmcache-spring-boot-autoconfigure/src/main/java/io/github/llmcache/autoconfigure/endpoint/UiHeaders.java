package io.github.llmcache.autoconfigure.endpoint;

import java.util.List;
import java.util.Map;

import io.github.llmcache.actuate.endpoint.LlmCacheEndpoint;

import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.PathMapper;

/**
 * What every answer of {@link LlmCacheEndpoint} says to browsers if there is the page:
 * that it runs nothing but what ships with it, is part of no other page, and is kept by
 * nobody.
 */
final class UiHeaders {

	/** The headers by their names. */
	static final Map<String, String> ALL = Map.of("Content-Security-Policy",
			"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
					+ "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
			"X-Content-Type-Options", "nosniff", "Referrer-Policy", "no-referrer", "Cache-Control", "no-store");

	private UiHeaders() {
	}

	/**
	 * Return where the endpoint is, without looking for endpoints, which would create
	 * them before their time.
	 * @param properties the properties of the endpoints
	 * @param pathMappers what maps their paths
	 * @return the path below that of the application
	 */
	static String path(WebEndpointProperties properties, List<PathMapper> pathMappers) {
		String basePath = properties.getBasePath();
		return (basePath.equals("/") ? "" : basePath) + "/"
				+ PathMapper.getRootPath(pathMappers, EndpointId.of("llmcache"));
	}

}
