package io.github.llmcache.cache;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;

/**
 * zstd with contexts that are used again, which is several times faster on entries of a
 * few KB than making one for each. Contexts belong to no thread, for there may be
 * thousands of virtual ones. Thread-safe.
 */
final class Zstd implements AutoCloseable {

	private static final int LEVEL = 3;

	private final Pool<ZstdCompressCtx> compressors = new Pool<>(() -> {
		ZstdCompressCtx context = new ZstdCompressCtx();
		context.setLevel(LEVEL);
		context.setChecksum(true);
		return context;
	});

	private final Pool<ZstdDecompressCtx> decompressors = new Pool<>(ZstdDecompressCtx::new);

	private final int maxSize;

	/**
	 * Create an instance.
	 * @param maxSize the most bytes that are ever allocated to decompress a frame
	 */
	Zstd(int maxSize) {
		this.maxSize = maxSize;
	}

	byte[] compress(byte[] plain) {
		ZstdCompressCtx context = this.compressors.acquire();
		try {
			return context.compress(plain);
		}
		finally {
			this.compressors.release(context);
		}
	}

	byte[] decompress(byte[] compressed) throws UnreadableEntryException {
		// zstd-jni reads the first byte before it looks whether there is one
		long size = (compressed.length > 0) ? com.github.luben.zstd.Zstd.getFrameContentSize(compressed) : -1;
		if (size < 0 || size > this.maxSize) {
			throw new UnreadableEntryException("The entry is not compressed data of at most " + this.maxSize + " bytes",
					null);
		}
		ZstdDecompressCtx context = this.decompressors.acquire();
		try {
			byte[] plain = new byte[(int) size];
			int length = context.decompress(plain, compressed);
			if (length != plain.length) {
				throw new UnreadableEntryException("The entry is shorter than it claims", null);
			}
			return plain;
		}
		catch (ZstdException ex) {
			context.reset();
			throw new UnreadableEntryException("The entry is damaged", ex);
		}
		finally {
			this.decompressors.release(context);
		}
	}

	@Override
	public void close() {
		this.compressors.close();
		this.decompressors.close();
	}

	/**
	 * Contexts that nobody uses at the moment. At most as many are kept as there are
	 * processors.
	 */
	private static final class Pool<T extends AutoCloseable> {

		private final ConcurrentLinkedDeque<T> idle = new ConcurrentLinkedDeque<>();

		private final AtomicInteger size = new AtomicInteger();

		private final int capacity = Runtime.getRuntime().availableProcessors();

		private final Supplier<T> factory;

		Pool(Supplier<T> factory) {
			this.factory = factory;
		}

		T acquire() {
			T context = this.idle.pollFirst();
			if (context == null) {
				return this.factory.get();
			}
			this.size.decrementAndGet();
			return context;
		}

		void release(T context) {
			if (this.size.incrementAndGet() <= this.capacity) {
				this.idle.addFirst(context);
				return;
			}
			this.size.decrementAndGet();
			close(context);
		}

		void close() {
			T context = this.idle.pollFirst();
			while (context != null) {
				this.size.decrementAndGet();
				close(context);
				context = this.idle.pollFirst();
			}
		}

		private static void close(AutoCloseable context) {
			try {
				context.close();
			}
			catch (Exception ex) {
				throw new IllegalStateException("A zstd context could not be closed", ex);
			}
		}

	}

}
