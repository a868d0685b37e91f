package io.github.llmcache.autoconfigure.endpoint;

import reactor.core.publisher.Mono;

import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * {@link WebFilter} that adds the {@link UiHeaders}.
 */
class UiHeadersWebFilter implements WebFilter {

	private final PathPattern pattern;

	/**
	 * Create the filter.
	 * @param path where the endpoint is
	 */
	UiHeadersWebFilter(String path) {
		this.pattern = PathPatternParser.defaultInstance.parse(path + "/**");
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		if (this.pattern.matches(exchange.getRequest().getPath().pathWithinApplication())) {
			UiHeaders.ALL.forEach(exchange.getResponse().getHeaders()::set);
		}
		return chain.filter(exchange);
	}

}
