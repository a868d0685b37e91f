package io.github.llmcache.provider;

import java.io.EOFException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;

import javax.net.ssl.SSLException;

import io.github.llmcache.InferenceCancelledException;
import io.github.llmcache.InferenceException;
import io.github.llmcache.ProviderError;
import io.github.llmcache.ProviderTimeoutException;
import io.github.llmcache.ProviderUnavailableException;
import org.jspecify.annotations.Nullable;

import org.springframework.web.client.RestClientException;

/**
 * Turns what goes wrong between us and a provider into the exception for it.
 */
final class TransportErrors {

	private TransportErrors() {
	}

	/**
	 * Create the exception for a call that ended without an answer.
	 * @param exception how it ended. It does not become the cause: its message can quote
	 * the response
	 * @param provider the provider
	 * @return the exception; the caller throws it
	 */
	static InferenceException translate(RestClientException exception, ProviderDefinition provider) {
		if (Thread.currentThread().isInterrupted()) {
			return new InferenceCancelledException("The thread was interrupted", null);
		}
		for (Throwable cause = exception.getCause(); cause != null; cause = cause.getCause()) {
			InferenceException translated = translate(cause, provider);
			if (translated != null) {
				return translated;
			}
		}
		return unavailable(provider, "the connection broke before there was an answer", null);
	}

	private static @Nullable InferenceException translate(Throwable cause, ProviderDefinition provider) {
		if (cause instanceof HttpConnectTimeoutException) {
			return timeout(provider, "it could not be connected to within " + provider.connectTimeout(), cause);
		}
		if (cause instanceof HttpTimeoutException || cause instanceof SocketTimeoutException) {
			return timeout(provider, "it did not answer within " + provider.timeout(), cause);
		}
		if (cause instanceof InterruptedIOException) {
			return new InferenceCancelledException("The client was closed", null);
		}
		if (cause instanceof BrokenResponseException) {
			return ProviderErrors.malformed(provider, String.valueOf(cause.getMessage()));
		}
		if (cause instanceof ProtocolException) {
			// Not the cause, which quotes the response
			return ProviderErrors.malformed(provider, "the response is not HTTP");
		}
		if (cause instanceof UnknownHostException || hasCause(cause, UnresolvedAddressException.class)) {
			return unavailable(provider, "its host is not known", cause);
		}
		if (cause instanceof ConnectException) {
			return unavailable(provider, "it could not be connected to", cause);
		}
		if (cause instanceof SSLException) {
			return unavailable(provider, "there is no secure connection to it", cause);
		}
		if (cause instanceof SocketException || cause instanceof ClosedChannelException
				|| cause instanceof EOFException) {
			return unavailable(provider, "the connection broke before there was an answer", cause);
		}
		return null;
	}

	private static boolean hasCause(Throwable throwable, Class<? extends Throwable> type) {
		for (Throwable cause = throwable; cause != null; cause = cause.getCause()) {
			if (type.isInstance(cause)) {
				return true;
			}
		}
		return false;
	}

	private static ProviderTimeoutException timeout(ProviderDefinition provider, String summary, Throwable cause) {
		return new ProviderTimeoutException(ProviderError.of(provider.name(), summary), cause);
	}

	private static ProviderUnavailableException unavailable(ProviderDefinition provider, String summary,
			@Nullable Throwable cause) {
		return new ProviderUnavailableException(ProviderError.of(provider.name(), summary), cause);
	}

}
