package io.github.llmcache.cache;

import java.util.function.Consumer;
import java.util.function.Supplier;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import org.jspecify.annotations.Nullable;

/**
 * zstd with contexts that are used again, which is several times faster on entries of a
 * few KB than making one for each. Contexts belong to no thread, for there may be
 * thousands of virtual ones. Thread-safe.
 */
final class Zstd implements AutoCloseable {

	/**
	 * zstd's own default. With a dictionary, level 5 would make entries a sixth smaller,
	 * and saving them half again as slow.
	 */
	static final int LEVEL = 3;

	private final Pool<ZstdCompressCtx> compressors;

	private final Pool<ZstdDecompressCtx> decompressors;

	private final int maxSize;

	/**
	 * Create an instance.
	 * @param maxSize the most bytes that are ever allocated to decompress a frame
	 * @param dictionary what both sides know, or {@code null} for nothing
	 */
	Zstd(int maxSize, byte @Nullable [] dictionary) {
		this.maxSize = maxSize;
		this.compressors = new Pool<>(() -> {
			ZstdCompressCtx context = create(ZstdCompressCtx::new);
			context.setLevel(LEVEL);
			context.setChecksum(true);
			// Whoever reads a frame knows from elsewhere
			context.setDictID(false);
			load(dictionary, context::loadDict, context::close);
			return context;
		}, ZstdCompressCtx::close);
		this.decompressors = new Pool<>(() -> {
			ZstdDecompressCtx context = create(ZstdDecompressCtx::new);
			load(dictionary, context::loadDict, context::close);
			return context;
		}, ZstdDecompressCtx::close);
	}

	private static <T> T create(Supplier<T> context) {
		try {
			return context.get();
		}
		catch (LinkageError ex) {
			throw new CacheStoreException("The native library of zstd cannot be loaded. Set the system property "
					+ "ZstdTempFolder to a directory that is writable and may hold executable code (is the "
					+ "temporary directory mounted noexec?), or choose another llmcache.backend", ex);
		}
	}

	private static void load(byte @Nullable [] dictionary, Consumer<byte[]> loading, Runnable disposal) {
		if (dictionary == null) {
			return;
		}
		try {
			loading.accept(dictionary);
		}
		catch (ZstdException ex) {
			disposal.run();
			throw new IllegalArgumentException("The dictionary is damaged", ex);
		}
	}

	/**
	 * Make sure that the dictionary can be used.
	 * @throws IllegalArgumentException if it is damaged
	 */
	void check() {
		this.decompressors.release(this.decompressors.acquire());
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

	/**
	 * Decompress a frame whose length nobody has told.
	 * @param frame the frame
	 * @return what is in it
	 * @throws UnreadableEntryException if the frame is damaged or too large
	 */
	byte[] decompress(byte[] frame) throws UnreadableEntryException {
		// zstd-jni reads the first byte before it looks whether there is one
		long length = (frame.length > 0) ? com.github.luben.zstd.Zstd.getFrameContentSize(frame) : -1;
		return decompress(frame, 0, frame.length, length);
	}

	/**
	 * Decompress a frame.
	 * @param bytes what it is a part of
	 * @param offset where it begins
	 * @param frameLength how many bytes it has
	 * @param length how many bytes are in it
	 * @return what is in it
	 * @throws UnreadableEntryException if the frame is damaged or too large, or has
	 * another length
	 */
	byte[] decompress(byte[] bytes, int offset, int frameLength, long length) throws UnreadableEntryException {
		if (length < 0 || length > this.maxSize) {
			throw new UnreadableEntryException("The entry is not compressed data of at most " + this.maxSize + " bytes",
					null);
		}
		byte[] plain = new byte[(int) length];
		ZstdDecompressCtx context = this.decompressors.acquire();
		try {
			if (context.decompressByteArray(plain, 0, plain.length, bytes, offset, frameLength) != length) {
				throw new UnreadableEntryException("The entry is shorter than it claims", null);
			}
			return plain;
		}
		catch (ZstdException ex) {
			throw new UnreadableEntryException("The entry is damaged", ex);
		}
		finally {
			this.decompressors.release(context);
		}
	}

	/**
	 * Release the native memory of what nobody uses at the moment, and do not keep what
	 * is used when it is given back.
	 */
	@Override
	public void close() {
		this.compressors.close();
		this.decompressors.close();
	}

}
