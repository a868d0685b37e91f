package io.github.llmcache.sample;

import io.github.llmcache.InferenceCancelledException;
import io.github.llmcache.InferenceException;
import io.github.llmcache.InvalidRequestException;
import io.github.llmcache.ProviderException;
import io.github.llmcache.ProviderTimeoutException;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/**
 * Says what went wrong as an RFC 9457 problem. The messages of llmcache's exceptions
 * contain neither prompts nor keys.
 */
@RestControllerAdvice
class ProblemHandler extends ResponseEntityExceptionHandler {

	@ExceptionHandler
	ProblemDetail handle(InferenceException exception) {
		return ProblemDetail.forStatusAndDetail(status(exception), String.valueOf(exception.getMessage()));
	}

	private static HttpStatus status(InferenceException exception) {
		if (exception instanceof InvalidRequestException) {
			return HttpStatus.BAD_REQUEST;
		}
		if (exception instanceof ProviderTimeoutException) {
			return HttpStatus.GATEWAY_TIMEOUT;
		}
		if (exception instanceof ProviderException) {
			return HttpStatus.BAD_GATEWAY;
		}
		if (exception instanceof InferenceCancelledException) {
			return HttpStatus.SERVICE_UNAVAILABLE;
		}
		// No provider is configured for the model
		return HttpStatus.BAD_REQUEST;
	}

}
