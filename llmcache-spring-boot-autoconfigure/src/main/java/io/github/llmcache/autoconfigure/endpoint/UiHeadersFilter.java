package io.github.llmcache.autoconfigure.endpoint;

import java.io.IOException;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;

/**
 * {@link Filter} that adds the {@link UiHeaders}.
 */
class UiHeadersFilter implements Filter {

	@Override
	public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		if (response instanceof HttpServletResponse httpResponse) {
			UiHeaders.ALL.forEach(httpResponse::setHeader);
		}
		chain.doFilter(request, response);
	}

}
