package io.github.llmcache.cli.safetytooling;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;

/**
 * Reads compressed text, and never more of it than a bound. Used by one thread.
 */
final class BlobReader implements AutoCloseable {

	private static final String DAMAGED = "it is damaged: not text compressed with zstd";

	private final int maxSize;

	private final ZstdDecompressCtx context = new ZstdDecompressCtx();

	BlobReader(int maxSize) {
		this.maxSize = maxSize;
	}

	String read(byte[] blob) {
		byte[] text = decompress(blob);
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
		}
		catch (CharacterCodingException ex) {
			throw new UnmappableException(DAMAGED);
		}
	}

	private byte[] decompress(byte[] blob) {
		// zstd-jni reads the first byte before it looks whether there is one
		long size = (blob.length > 0) ? Zstd.getFrameContentSize(blob) : -1;
		if (size > this.maxSize) {
			throw new UnmappableException(Home.TOO_LARGE);
		}
		try {
			return (size > 0) ? this.context.decompress(blob, (int) size) : decompressStream(blob);
		}
		catch (ZstdException | IOException ex) {
			throw new UnmappableException(DAMAGED);
		}
	}

	/**
	 * Decompress a frame that does not say how much is in it.
	 */
	private byte[] decompressStream(byte[] blob) throws IOException {
		try (InputStream stream = new ZstdInputStreamNoFinalizer(new ByteArrayInputStream(blob))) {
			byte[] text = stream.readNBytes(this.maxSize + 1);
			if (text.length > this.maxSize) {
				throw new UnmappableException(Home.TOO_LARGE);
			}
			return text;
		}
	}

	@Override
	public void close() {
		this.context.close();
	}

}
