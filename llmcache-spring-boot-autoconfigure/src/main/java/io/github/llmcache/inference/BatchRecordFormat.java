package io.github.llmcache.inference;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Writes and reads records of batches: some lines that people can read, a line for each
 * key, and a line that shows that none is missing.
 */
final class BatchRecordFormat {

	private static final String VERSION = "llmcache-batch 1";

	private static final String PROVIDER = "provider ";

	private static final String CREATED = "created ";

	private static final String BATCH = "batch ";

	private static final String REQUESTS = "requests ";

	private static final String END = "keys ";

	private static final int HEADER_LINES = 5;

	private static final Pattern KEY = Pattern.compile("[0-9a-f]{64}");

	private static final Pattern BATCH_ID = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,255}");

	private BatchRecordFormat() {
	}

	static String write(BatchRecord record) {
		StringBuilder text = new StringBuilder();
		line(text, VERSION, "");
		line(text, PROVIDER, URLEncoder.encode(record.provider(), StandardCharsets.UTF_8));
		line(text, CREATED, record.createdAt().toString());
		line(text, BATCH, (record.batchId() != null) ? record.batchId() : "");
		line(text, REQUESTS, String.valueOf(record.requests()));
		record.keys().forEach((key) -> line(text, "", key));
		line(text, END, String.valueOf(record.keys().size()));
		return text.toString();
	}

	private static void line(StringBuilder text, String name, String value) {
		text.append(name).append(value).append('\n');
	}

	/**
	 * Read a record.
	 * @param id our own identifier of the batch
	 * @param text the text
	 * @return the record
	 * @throws IOException if it is not a whole record of this version
	 */
	static BatchRecord read(String id, String text) throws IOException {
		List<String> lines = text.lines().toList();
		int last = lines.size() - 1;
		if (last < HEADER_LINES || !text.endsWith("\n") || !lines.get(0).equals(VERSION)) {
			throw new IOException("It is not a whole record of this version");
		}
		List<String> keys = lines.subList(HEADER_LINES, last);
		if (!keys.stream().allMatch((key) -> KEY.matcher(key).matches())
				|| !value(lines.get(last), END).equals(String.valueOf(keys.size()))) {
			throw new IOException("Keys are damaged or missing");
		}
		try {
			return new BatchRecord(id, URLDecoder.decode(value(lines.get(1), PROVIDER), StandardCharsets.UTF_8),
					Instant.parse(value(lines.get(2), CREATED)), batchId(value(lines.get(3), BATCH)),
					Integer.parseInt(value(lines.get(4), REQUESTS)), keys);
		}
		catch (DateTimeException | IllegalArgumentException ex) {
			throw new IOException("Its first lines are damaged", ex);
		}
	}

	private static String value(String line, String name) throws IOException {
		if (!line.startsWith(name)) {
			throw new IOException("A line does not begin with '" + name + "'");
		}
		return line.substring(name.length());
	}

	private static @Nullable String batchId(String value) throws IOException {
		if (value.isEmpty()) {
			return null;
		}
		if (!BATCH_ID.matcher(value).matches()) {
			throw new IOException("The identifier of the batch is damaged");
		}
		return value;
	}

}
