package io.github.llmcache.benchmarks.contender;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import io.github.llmcache.ChatMessage;
import io.github.llmcache.ContentPart;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.benchmarks.workload.Exchange;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The least that a cache on some store has to do: SHA-256 over the fields of the request,
 * the store's own lookup, zstd and parsing the response. Nothing is created twice.
 */
abstract class Peer implements Contender {

	private static final int LEVEL = 3;

	private final String name;

	private final JsonMapper mapper = new JsonMapper();

	Peer(String name) {
		this.name = name;
	}

	@Override
	public final String name() {
		return this.name;
	}

	@Override
	public final void store(List<Exchange> exchanges) throws Exception {
		MessageDigest digest = MessageDigest.getInstance("SHA-256");
		List<Row> rows = new ArrayList<>();
		try (ZstdCompressCtx zstd = new ZstdCompressCtx()) {
			zstd.setLevel(LEVEL);
			zstd.setChecksum(true);
			for (Exchange exchange : exchanges) {
				rows.add(new Row(key(exchange.request(), digest), zstd.compress(exchange.body())));
			}
		}
		write(rows);
	}

	@Override
	@SuppressWarnings("resource") // As long as the process: a context for each thread
	public final Session open() throws Exception {
		MessageDigest digest = MessageDigest.getInstance("SHA-256");
		ZstdDecompressCtx zstd = new ZstdDecompressCtx();
		Reader reader = reader();
		return (request) -> {
			byte[] payload = reader.get(key(request, digest));
			if (payload == null) {
				return null;
			}
			return this.mapper.readTree(zstd.decompress(payload, (int) Zstd.getFrameContentSize(payload)));
		};
	}

	private static byte[] key(InferenceRequest request, MessageDigest digest) {
		update(digest, request.model());
		for (ChatMessage message : request.prompt().messages()) {
			update(digest, message.role().name());
			for (ContentPart part : message.parts()) {
				update(digest, ((ContentPart.Text) part).text());
			}
		}
		update(digest, String.valueOf(request.parameters().temperature()));
		update(digest, String.valueOf(request.parameters().maxTokens()));
		return digest.digest();
	}

	private static void update(MessageDigest digest, String field) {
		byte[] bytes = field.getBytes(StandardCharsets.UTF_8);
		digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
		digest.update(bytes);
	}

	/**
	 * Write rows in the way that is fastest for many.
	 * @param rows the rows
	 * @throws Exception if that fails
	 */
	abstract void write(List<Row> rows) throws Exception;

	/**
	 * Open what one thread reads with.
	 * @return what reads payloads
	 * @throws Exception if that fails
	 */
	abstract Reader reader() throws Exception;

	/**
	 * What is stored of an exchange.
	 */
	record Row(byte[] key, byte[] payload) {
	}

	@FunctionalInterface
	interface Reader {

		byte @Nullable [] get(byte[] key) throws Exception;

	}

}
