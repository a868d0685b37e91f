package io.github.llmcache.cli.transfer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.zip.CRC32C;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.RequestHashes;
import io.github.llmcache.cache.RequestRecord;
import io.github.llmcache.cli.transfer.LineFormat.Names;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.exc.StreamWriteException;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes an entry as a line. Used by one thread.
 */
final class EntryLineWriter {

	private static final HexFormat HEX = HexFormat.of();

	/** What escaping adds to the bytes of a character at most: a control is six. */
	private static final int CONTROL_GROWTH = 5;

	private final ByteArrayOutputStream line = new ByteArrayOutputStream(8192);

	/**
	 * Write an entry, and forget the one before.
	 * @param entry the entry
	 * @param request what was asked, to be written with the entry, or {@code null}
	 * @return how many bytes the line has, with its end
	 */
	int write(CacheEntry entry, @Nullable RequestRecord request) {
		try {
			write(LineFormat.factory(), entry, request);
		}
		catch (StreamWriteException ex) {
			write(LineFormat.escapingFactory(), entry, request);
		}
		this.line.write('\n');
		return this.line.size();
	}

	void writeTo(OutputStream out) throws IOException {
		this.line.writeTo(out);
	}

	private void write(JsonFactory factory, CacheEntry entry, @Nullable RequestRecord request) {
		this.line.reset();
		try (JsonGenerator json = factory.createGenerator(ObjectWriteContext.empty(), this.line)) {
			json.writeStartObject();
			json.writeNumberProperty(Names.VERSION, LineFormat.VERSION);
			json.writeStringProperty(Names.KEY, entry.key().hex());
			json.writeStringProperty(Names.FINGERPRINT, HEX.toHexDigits(entry.key().fingerprint()));
			json.writeStringProperty(Names.MODEL, entry.key().model());
			json.writeStringProperty(Names.NAMESPACE, entry.namespace());
			Instant expiresAt = entry.expiresAt();
			if (expiresAt != null) {
				json.writeStringProperty(Names.EXPIRES_AT, millis(expiresAt));
			}
			if (request != null) {
				writeRequest(json, request);
			}
			json.writeArrayPropertyStart(Names.RESPONSES);
			entry.responses().forEach((response) -> writeResponse(json, response));
			json.writeEndArray();
			json.writeEndObject();
		}
	}

	private static void writeRequest(JsonGenerator json, RequestRecord request) {
		String text = new String(request.json(), StandardCharsets.UTF_8);
		if (text.indexOf('\n') < 0 && text.indexOf('\r') < 0) {
			json.writeName(Names.REQUEST);
			json.writeRawValue(text);
		}
		else {
			json.writeStringProperty(Names.REQUEST, text);
		}
		RequestHashes hashes = request.hashes();
		json.writeObjectPropertyStart(Names.HASHES);
		json.writeStringProperty(Names.PARAMETERS, HEX.formatHex(hashes.parameters()));
		json.writeArrayPropertyStart(Names.MESSAGES);
		for (int i = 0; i < hashes.messages().length; i += RequestHashes.HASH_LENGTH) {
			json.writeString(HEX.formatHex(hashes.messages(), i, i + RequestHashes.HASH_LENGTH));
		}
		json.writeEndArray();
		json.writeStringProperty(Names.SKETCH, HEX.formatHex(hashes.sketch()));
		json.writeEndObject();
	}

	private static void writeResponse(JsonGenerator json, CachedResponse response) {
		Long costNanos = response.costNanos();
		String requestId = response.requestId();
		json.writeStartObject();
		writeBody(json, response.body());
		json.writeStringProperty(Names.CRC32C, checksum(response.body()));
		json.writeNumberProperty(Names.SAMPLES, response.samples());
		json.writeNumberProperty(Names.INPUT_TOKENS, response.inputTokens());
		json.writeNumberProperty(Names.OUTPUT_TOKENS, response.outputTokens());
		if (costNanos != null) {
			json.writeNumberProperty(Names.COST_NANOS, costNanos);
		}
		json.writeStringProperty(Names.FINISH_REASON, response.finishReason());
		json.writeStringProperty(Names.CREATED_AT, millis(response.createdAt()));
		json.writeNumberProperty(Names.DURATION_MILLIS, response.duration().toMillis());
		if (requestId != null) {
			json.writeStringProperty(Names.REQUEST_ID, requestId);
		}
		json.writeEndObject();
	}

	private static void writeBody(JsonGenerator json, byte[] body) {
		if (isUtf8(body) && !growsMuch(body)) {
			json.writeName(Names.BODY);
			json.writeUTF8String(body, 0, body.length);
		}
		else {
			json.writeStringProperty(Names.BODY_BASE64, Base64.getEncoder().encodeToString(body));
		}
	}

	/**
	 * Return whether bytes are UTF-8, so that they are the same after they were a text.
	 * @param bytes the bytes
	 * @return whether they are
	 */
	static boolean isUtf8(byte[] bytes) {
		// What the JDK decodes fast it replaces where it is none
		if (new String(bytes, StandardCharsets.UTF_8).indexOf('\uFFFD') < 0) {
			return true;
		}
		try {
			StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
			return true;
		}
		catch (CharacterCodingException ex) {
			return false;
		}
	}

	/**
	 * Return whether a text would be more than twice as long with its escapes. Otherwise
	 * a line could be longer than any that is read.
	 */
	private static boolean growsMuch(byte[] body) {
		long growth = 0;
		for (byte unit : body) {
			if (unit >= 0 && unit < ' ') {
				growth += CONTROL_GROWTH;
			}
			else if (unit == '"' || unit == '\\') {
				growth++;
			}
		}
		return growth > body.length;
	}

	/**
	 * Return the checksum of a body.
	 * @param body the body
	 * @return its CRC-32C, eight hexadecimal digits
	 */
	static String checksum(byte[] body) {
		CRC32C checksum = new CRC32C();
		checksum.update(body);
		return HEX.toHexDigits((int) checksum.getValue());
	}

	private static String millis(Instant instant) {
		return Instant.ofEpochMilli(instant.toEpochMilli()).toString();
	}

}
