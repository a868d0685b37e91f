package io.github.llmcache.provider;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

import org.springframework.http.client.ClientHttpResponse;

/**
 * Sends requests whose responses are too large to be collected, and are read while they
 * arrive.
 */
final class StreamRequestFactory extends CallRequestFactory {

	private final HttpClient httpClient;

	private final Duration timeout;

	private final PendingCalls pendingCalls;

	/**
	 * Create a factory.
	 * @param httpClient sends the requests
	 * @param timeout the most time until a response begins, and between two parts of it
	 * @param pendingCalls the calls that can be ended
	 */
	StreamRequestFactory(HttpClient httpClient, Duration timeout, PendingCalls pendingCalls) {
		super(httpClient, timeout, Integer.MAX_VALUE, pendingCalls);
		this.httpClient = httpClient;
		this.timeout = timeout;
		this.pendingCalls = pendingCalls;
	}

	@Override
	ClientHttpResponse send(HttpRequest request) throws IOException {
		StreamedBody body = new StreamedBody(this.timeout);
		this.pendingCalls.add(body.use());
		Runnable release = () -> {
			body.close();
			this.pendingCalls.remove(body.use());
		};
		AtomicBoolean begun = new AtomicBoolean();
		try {
			return new StreamedResponse(await(this.httpClient.sendAsync(request, (info) -> {
				begun.set(true);
				return body;
			}), begun), body, release);
		}
		catch (IOException | RuntimeException ex) {
			release.run();
			throw ex;
		}
	}

	private HttpResponse<InputStream> await(CompletableFuture<HttpResponse<InputStream>> call, AtomicBoolean begun)
			throws IOException {
		this.pendingCalls.add(call);
		try {
			return call.get(TimeUnit.NANOSECONDS.convert(this.timeout), TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException ex) {
			throw new HttpTimeoutException("request timed out");
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new InterruptedIOException("Interrupted while waiting for the response");
		}
		catch (CancellationException | ExecutionException ex) {
			if (this.pendingCalls.isClosed()) {
				throw new InterruptedIOException("The client was closed");
			}
			if (begun.get()) {
				throw new BrokenResponseException("the response was cut off");
			}
			throw (ex.getCause() instanceof IOException failure) ? failure : new IOException("The call failed");
		}
		finally {
			this.pendingCalls.remove(call);
			if (!call.isDone()) {
				call.cancel(true);
			}
		}
	}

}
