package io.github.llmcache.cli.safetytooling;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/**
 * A file {@code bin<N>.json}: a JSON object whose members are values, as strings with
 * JSON. It is read as a stream, for the library rewrites such files whole and they grow.
 */
final class BinFile implements Home {

	/** How many values are read between two reports of the progress. */
	private static final int PROGRESS_STEP = 200;

	private final Path file;

	private final String name;

	BinFile(Path file, String name) {
		this.file = file;
		this.name = name;
	}

	@Override
	public void readAll(Visitor visitor) throws IOException {
		long size = Files.size(this.file);
		// What the library does not say of single values
		Instant modifiedAt = Files.getLastModifiedTime(this.file).toInstant();
		try (InputStream stream = new BufferedInputStream(Files.newInputStream(this.file));
				JsonParser parser = SourceJson.FACTORY.createParser(ObjectReadContext.empty(), stream)) {
			read(parser, modifiedAt, size, visitor);
		}
		catch (JacksonException ex) {
			visitor.skipped(this.name, "the rest of the file cannot be read: it is cut off, no JSON, or too large");
		}
		visitor.progress(size, size);
	}

	private void read(JsonParser parser, Instant modifiedAt, long size, Visitor visitor) {
		if (parser.nextToken() != JsonToken.START_OBJECT) {
			visitor.skipped(this.name, "the file is not a JSON object");
			return;
		}
		int count = 0;
		while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
			count++;
			String where = this.name + ", value " + count;
			String hash = parser.currentName();
			if (parser.nextToken() == JsonToken.VALUE_STRING) {
				visitor.value(new Value(where, hash, parser.getString(), modifiedAt));
			}
			else {
				parser.skipChildren();
				visitor.skipped(where, "it is not a string with JSON");
			}
			if (count % PROGRESS_STEP == 0) {
				visitor.progress(parser.currentLocation().getByteOffset(), size);
			}
		}
		if (parser.nextToken() != null) {
			visitor.skipped(this.name, "the file has something after its JSON object");
		}
	}

}
