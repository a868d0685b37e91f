package io.github.llmcache.provider;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * The body of a response that is read while it arrives, a few buffers ahead at the most.
 * Unlike with the JDK's own stream, an interrupt ends a read at once, so does a time
 * without a byte, and closing it reads nothing more. Read by one thread.
 */
final class StreamedBody extends InputStream implements BodySubscriber<InputStream> {

	private static final int BUFFERS_AHEAD = 8;

	private static final Part END = new Part(List.of(), null);

	private final BlockingQueue<Part> parts = new LinkedBlockingQueue<>();

	private final CompletableFuture<Void> use = new CompletableFuture<>();

	private final Duration patience;

	private volatile Flow.@Nullable Subscription subscription;

	private Iterator<ByteBuffer> buffers = Collections.emptyIterator();

	private ByteBuffer buffer = ByteBuffer.allocate(0);

	private long count;

	/**
	 * Create a body.
	 * @param patience the most time to wait for the next byte
	 */
	StreamedBody(Duration patience) {
		this.patience = patience;
		this.use.whenComplete((none, cancelled) -> {
			// Before the client says that the response was cut off
			if (cancelled != null) {
				this.parts.add(new Part(List.of(), new InterruptedIOException("The client was closed")));
			}
			cancelSubscription();
		});
	}

	/**
	 * Return what can be cancelled to end the use of this body.
	 * @return a future that completes when this is closed
	 */
	Future<?> use() {
		return this.use;
	}

	@Override
	public CompletionStage<InputStream> getBody() {
		return CompletableFuture.completedFuture(this);
	}

	@Override
	public void onSubscribe(Flow.Subscription subscription) {
		this.subscription = subscription;
		if (this.use.isDone()) {
			subscription.cancel();
			return;
		}
		subscription.request(BUFFERS_AHEAD);
	}

	@Override
	public void onNext(List<ByteBuffer> buffers) {
		this.parts.add(new Part(buffers, null));
	}

	@Override
	public void onError(Throwable failure) {
		this.parts.add(new Part(List.of(), new BrokenResponseException("the response was cut off")));
	}

	@Override
	public void onComplete() {
		this.parts.add(END);
	}

	@Override
	public int read() throws IOException {
		byte[] single = new byte[1];
		return (read(single, 0, 1) == -1) ? -1 : single[0] & 0xFF;
	}

	@Override
	public int read(byte[] bytes, int offset, int length) throws IOException {
		if (length == 0) {
			return 0;
		}
		while (!this.buffer.hasRemaining()) {
			if (this.buffers.hasNext()) {
				this.buffer = this.buffers.next();
			}
			else if (!receive()) {
				return -1;
			}
		}
		int read = Math.min(length, this.buffer.remaining());
		this.buffer.get(bytes, offset, read);
		this.count += read;
		return read;
	}

	private boolean receive() throws IOException {
		Part part = take();
		IOException failure = part.failure();
		if (failure != null || part == END) {
			// For whoever reads on
			this.parts.add(part);
			if (failure instanceof BrokenResponseException) {
				throw new BrokenResponseException(failure.getMessage() + " after " + this.count + " bytes");
			}
			if (failure != null) {
				throw failure;
			}
			return false;
		}
		this.buffers = part.buffers().iterator();
		Flow.Subscription subscription = this.subscription;
		if (subscription != null) {
			subscription.request(1);
		}
		return true;
	}

	private Part take() throws IOException {
		try {
			Part part = this.parts.poll(TimeUnit.NANOSECONDS.convert(this.patience), TimeUnit.NANOSECONDS);
			if (part == null) {
				throw new HttpTimeoutException("no more of the response came");
			}
			return part;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new InterruptedIOException("Interrupted while reading the response");
		}
	}

	@Override
	public void close() {
		this.use.complete(null);
	}

	private void cancelSubscription() {
		Flow.Subscription subscription = this.subscription;
		if (subscription != null) {
			subscription.cancel();
		}
	}

	/**
	 * Some of the body, or how it ends.
	 */
	private record Part(List<ByteBuffer> buffers, @Nullable IOException failure) {
	}

}
