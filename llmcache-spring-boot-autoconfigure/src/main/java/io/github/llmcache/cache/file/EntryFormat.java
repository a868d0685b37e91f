package io.github.llmcache.cache.file;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.EntryLimit;
import io.github.llmcache.cache.RequestHashes;
import io.github.llmcache.cache.RequestRecord;

/**
 * Writes an entry as the content of a file. The same entry is the same bytes on every
 * machine, and every change of it is a change of few lines.
 */
final class EntryFormat {

	/** The version that is written, and the only one that is read. */
	static final int VERSION = 1;

	/** Line breaks, member names and metadata take less. */
	private static final int OVERHEAD = 4 * 1024 * 1024;

	private final EntryLimit limit;

	private final int maxFileSize;

	private final boolean storeRequests;

	EntryFormat(FileSettings settings) {
		this.limit = new EntryLimit(settings.maxEntrySize());
		this.maxFileSize = (int) Math.min(2 * settings.maxEntrySize() + OVERHEAD, Integer.MAX_VALUE - 8);
		this.storeRequests = settings.storeRequests();
	}

	/**
	 * Return the most bytes that a file may have to be read.
	 */
	int maxFileSize() {
		return this.maxFileSize;
	}

	EntryLimit limit() {
		return this.limit;
	}

	/**
	 * Write an entry.
	 * @param entry the entry
	 * @return the content of its file
	 * @throws CacheStoreException if the entry is larger than an entry may be
	 */
	byte[] write(CacheEntry entry) {
		this.limit.check(entry.responses());
		for (Detail detail : Detail.values()) {
			byte[] bytes = write(entry, detail).getBytes(StandardCharsets.UTF_8);
			if (bytes.length <= this.maxFileSize) {
				return bytes;
			}
		}
		throw new CacheStoreException("What is beside the bodies of an entry is larger than " + OVERHEAD + " bytes",
				null);
	}

	private String write(CacheEntry entry, Detail detail) {
		JsonWriter json = new JsonWriter();
		Instant expiresAt = entry.expiresAt();
		json.open('{');
		json.number(Names.VERSION, VERSION);
		json.string(Names.MODEL, entry.key().model());
		json.string(Names.NAMESPACE, entry.namespace());
		json.string(Names.KEY, entry.key().hex());
		json.string(Names.FINGERPRINT, HexFormat.of().toHexDigits(entry.key().fingerprint()));
		json.string(Names.EXPIRES_AT, (expiresAt != null) ? millis(expiresAt) : null);
		RequestRecord request = entry.request();
		if (request != null && this.storeRequests && detail == Detail.EVERYTHING
				&& request.json().length <= this.limit.bytes()) {
			json.name(Names.REQUEST);
			writeRequest(json, request);
		}
		json.name(Names.RESPONSES);
		writeResponses(json, entry.responses(), detail);
		json.string(Names.CHECKSUM, EntryChecksum.of(entry.key(), entry.namespace(), expiresAt, entry.responses()));
		json.close('}');
		return json.toString();
	}

	private void writeRequest(JsonWriter json, RequestRecord request) {
		json.open('{');
		json.string(Names.PARAMETERS_HASH, HexFormat.of().formatHex(request.hashes().parameters()));
		json.name(Names.MESSAGE_HASHES).open('[');
		byte[] hashes = request.hashes().messages();
		for (int i = 0; i < hashes.length; i += RequestHashes.HASH_LENGTH) {
			json.element().string(HexFormat.of().formatHex(hashes, i, i + RequestHashes.HASH_LENGTH));
		}
		json.close(']');
		json.string(Names.SKETCH, HexFormat.of().formatHex(request.hashes().sketch()));
		write(json, StoredBytes.readable(request.json(), json.margin()));
		json.string(Names.CHECKSUM, EntryChecksum.of(request));
		json.close('}');
	}

	private static void writeResponses(JsonWriter json, List<CachedResponse> responses, Detail detail) {
		json.open('[');
		for (CachedResponse response : responses) {
			json.element().open('{');
			Long costNanos = response.costNanos();
			json.string(Names.CREATED_AT, millis(response.createdAt()));
			json.number(Names.DURATION_MILLIS, response.duration().toMillis());
			json.number(Names.SAMPLES, response.samples());
			json.number(Names.INPUT_TOKENS, response.inputTokens());
			json.number(Names.OUTPUT_TOKENS, response.outputTokens());
			if (costNanos != null) {
				json.number(Names.COST_NANOS, costNanos);
			}
			json.string(Names.FINISH_REASON, response.finishReason());
			json.string(Names.REQUEST_ID, response.requestId());
			write(json, (detail != Detail.SMALLEST) ? StoredBytes.readable(response.body(), json.margin())
					: StoredBytes.smallest(response.body()));
			json.close('}');
		}
		json.close(']');
	}

	private static void write(JsonWriter json, StoredBytes bytes) {
		json.string(Names.LAYOUT, bytes.layout());
		if (bytes.lineBreak()) {
			json.name(Names.LINE_BREAK).json("true");
		}
		json.string(Names.BODY, bytes.string());
		if (bytes.json() != null) {
			json.name(Names.BODY).json(bytes.json());
		}
	}

	private static String millis(Instant instant) {
		return Instant.ofEpochMilli(instant.toEpochMilli()).toString();
	}

	/**
	 * The names of members.
	 */
	static final class Names {

		static final String VERSION = "llmcache";

		static final String MODEL = "model";

		static final String NAMESPACE = "namespace";

		static final String KEY = "key";

		static final String FINGERPRINT = "fingerprint";

		static final String EXPIRES_AT = "expiresAt";

		static final String REQUEST = "request";

		static final String PARAMETERS_HASH = "parametersHash";

		static final String MESSAGE_HASHES = "messageHashes";

		static final String SKETCH = "sketch";

		static final String RESPONSES = "responses";

		static final String CREATED_AT = "createdAt";

		static final String DURATION_MILLIS = "durationMillis";

		static final String SAMPLES = "samples";

		static final String INPUT_TOKENS = "inputTokens";

		static final String OUTPUT_TOKENS = "outputTokens";

		static final String COST_NANOS = "costNanos";

		static final String FINISH_REASON = "finishReason";

		static final String REQUEST_ID = "requestId";

		static final String LAYOUT = "layout";

		static final String LINE_BREAK = "lineBreak";

		static final String BODY = "body";

		static final String CHECKSUM = "checksum";

		private Names() {
		}

	}

	/**
	 * What is left out so that a file does not become too large to be read, from nothing
	 * to all but what has to be there.
	 */
	private enum Detail {

		EVERYTHING, NO_REQUEST, SMALLEST

	}

}
