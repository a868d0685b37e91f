package io.github.llmcache.provider;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

import org.jspecify.annotations.Nullable;

/**
 * Collects the body of one response up to a bound, without a thread that waits for it. A
 * body that breaks off is a result too, so that its status is not lost.
 */
final class BodyCollector implements BodyHandler<BodyCollector.Body>, BodySubscriber<BodyCollector.Body> {

	private final int maxBytes;

	private final CompletableFuture<Body> body = new CompletableFuture<>();

	/** Used by one thread at a time, as the subscription's contract has it. */
	private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

	private volatile @Nullable ResponseInfo info;

	private volatile Flow.@Nullable Subscription subscription;

	BodyCollector(int maxBytes) {
		this.maxBytes = maxBytes;
	}

	@Override
	public BodySubscriber<Body> apply(ResponseInfo info) {
		this.info = info;
		return this;
	}

	@Override
	public CompletionStage<Body> getBody() {
		return this.body;
	}

	@Override
	public void onSubscribe(Flow.Subscription subscription) {
		this.subscription = subscription;
		subscription.request(Long.MAX_VALUE);
	}

	@Override
	public void onNext(List<ByteBuffer> buffers) {
		for (ByteBuffer buffer : buffers) {
			if (this.body.isDone()) {
				return;
			}
			if (buffer.remaining() > this.maxBytes - this.bytes.size()) {
				cancel();
				complete(new BrokenResponseException("the response is larger than " + this.maxBytes + " bytes"));
				return;
			}
			byte[] chunk = new byte[buffer.remaining()];
			buffer.get(chunk);
			this.bytes.writeBytes(chunk);
		}
	}

	@Override
	public void onError(Throwable failure) {
		complete(new BrokenResponseException("the response was cut off after " + this.bytes.size() + " bytes"));
	}

	@Override
	public void onComplete() {
		complete(null);
	}

	private void complete(@Nullable IOException failure) {
		this.body.complete(new Body(this.bytes.toByteArray(), failure));
	}

	/**
	 * Receive no more.
	 */
	void cancel() {
		Flow.Subscription subscription = this.subscription;
		if (subscription != null) {
			subscription.cancel();
		}
	}

	/**
	 * Return the status and headers.
	 * @return the status and headers, or {@code null} if they have not arrived
	 */
	@Nullable ResponseInfo info() {
		return this.info;
	}

	/**
	 * A collected body.
	 *
	 * @param bytes what arrived
	 * @param failure why that is not all of it, or {@code null} if it is
	 */
	record Body(byte[] bytes, @Nullable IOException failure) {

	}

}
