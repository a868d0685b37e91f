package io.github.llmcache.cli.transfer;

import java.util.Arrays;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.RequestRecord;
import io.github.llmcache.cli.transfer.LineFormat.Names;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.StreamConstraintsException;

/**
 * Reads a line, whoever has written or edited it: white space, the order of members and
 * members that are unknown mean nothing. What it says is not trusted. Used by one thread.
 */
final class EntryLineReader {

	private static final String NO_JSON = "no valid JSON, or a member occurs twice";

	/** As many bytes as the parser looks at to find out the encoding. */
	private static final int BEGINNING = 4;

	private final TransferSettings settings;

	private final RequestCheck requests = new RequestCheck();

	EntryLineReader(TransferSettings settings) {
		this.settings = settings;
	}

	/**
	 * Read an entry.
	 * @param line begins with the line
	 * @param length how many bytes the line has
	 * @return the entry, with its request if the line has one
	 * @throws BrokenLineException if the line is no entry
	 */
	CacheEntry read(byte[] line, int length) throws BrokenLineException {
		int start = start(line, length);
		return (start == 0) ? readObject(line, length)
				: readObject(Arrays.copyOfRange(line, start, length), length - start);
	}

	/**
	 * Return where a line begins, behind white space and what some editors put before it.
	 */
	private static int start(byte[] line, int length) {
		int start = (length >= 3 && line[0] == (byte) 0xEF && line[1] == (byte) 0xBB && line[2] == (byte) 0xBF) ? 3 : 0;
		while (start < length && (line[start] == ' ' || line[start] == '\t')) {
			start++;
		}
		return start;
	}

	private CacheEntry readObject(byte[] line, int length) throws BrokenLineException {
		if (!isObject(line, length)) {
			throw new BrokenLineException(NO_JSON);
		}
		CacheEntry entry;
		try {
			entry = parse(line, length);
		}
		catch (BrokenLineException ex) {
			throw isOfOtherVersion(line, length)
					? new BrokenLineException("another version of the format than " + LineFormat.VERSION) : ex;
		}
		RequestRecord request = entry.request();
		String problem = (request != null) ? this.requests.problem(entry.key(), entry.namespace(), request) : null;
		if (problem != null) {
			throw new BrokenLineException(problem);
		}
		return entry;
	}

	/**
	 * Return whether a line can be an object in UTF-8: the parser would take it for
	 * another encoding if it began with zeros, or between them.
	 */
	private static boolean isObject(byte[] line, int length) {
		if (length < BEGINNING || line[0] != '{') {
			return false;
		}
		for (int i = 0; i < BEGINNING; i++) {
			if (line[i] == 0) {
				return false;
			}
		}
		return true;
	}

	private CacheEntry parse(byte[] line, int length) throws BrokenLineException {
		try (JsonParser parser = parser(line, length)) {
			return new EntryLineParser(line, parser, this.settings.maxEntrySize()).parse();
		}
		catch (StreamConstraintsException ex) {
			throw new BrokenLineException("nested too deeply, or a number or name is too long");
		}
		catch (JacksonException ex) {
			// Its message shows what it has read
			throw new BrokenLineException(NO_JSON);
		}
	}

	/**
	 * Find out why a line cannot be read: what another version means by a member is not
	 * known.
	 */
	private static boolean isOfOtherVersion(byte[] line, int length) {
		try (JsonParser parser = parser(line, length)) {
			parser.nextToken();
			while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
				boolean version = Names.VERSION.equals(parser.currentName());
				JsonToken value = parser.nextToken();
				if (version) {
					return value != JsonToken.VALUE_NUMBER_INT
							|| !parser.getString().equals(String.valueOf(LineFormat.VERSION));
				}
				parser.skipChildren();
			}
		}
		catch (JacksonException ex) {
			// It is no JSON in any version
		}
		return false;
	}

	private static JsonParser parser(byte[] line, int length) {
		return LineFormat.factory().createParser(ObjectReadContext.empty(), line, 0, length);
	}

}
