package io.github.llmcache.transcript;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResponse.Source;
import io.github.llmcache.cache.FileNames;
import io.github.llmcache.cache.PrivateFiles;
import io.github.llmcache.cache.SecretRedaction;
import io.github.llmcache.inference.InferenceObserver;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what providers are asked and what they answer as text files, one a request, below
 * a directory for each model and day. They hold everything that was said, and only their
 * owner may read them. What is answered without a provider was written when it was asked.
 * <p>
 * A file that cannot be written is logged when that begins and when it ends, and is
 * nobody's failure. Thread-safe.
 */
public final class PromptHistory implements InferenceObserver {

	private static final Log logger = LogFactory.getLog(PromptHistory.class);

	private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("uuuu-MM-dd", Locale.ROOT)
		.withZone(ZoneOffset.UTC);

	private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HHmmss.SSS", Locale.ROOT)
		.withZone(ZoneOffset.UTC);

	private final AtomicBoolean failing = new AtomicBoolean();

	private final Path directory;

	private final SecretRedaction redaction;

	/**
	 * Create a history. Nothing is written before the first answer.
	 * @param directory where the files are; it is created if it does not exist
	 * @param redaction replaces secrets in what is written
	 */
	public PromptHistory(Path directory, SecretRedaction redaction) {
		this.directory = directory;
		this.redaction = redaction;
	}

	@Override
	public void requestEnded(InferenceRequest request, @Nullable InferenceResponse response, Duration duration) {
		if (response == null || response.source() != Source.PROVIDER) {
			return;
		}
		try {
			write(response.model(), response.createdAt(), this.redaction.text(text(Transcript.of(request, response))));
			if (this.failing.compareAndSet(true, false)) {
				logger.info("The prompt history can be written again");
			}
		}
		catch (IOException ex) {
			if (this.failing.compareAndSet(false, true)) {
				logger.warn("The prompt history cannot be written to " + this.directory + ": " + ex);
			}
		}
	}

	private void write(String model, Instant time, String text) throws IOException {
		Path day = this.directory.resolve(FileNames.of(model)).resolve(DAY.format(time));
		PrivateFiles.createDirectories(day);
		// Half a character, which UTF-8 does not have, becomes a question mark
		Files.write(createFile(day, TIME.format(time)), text.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Create a file that nobody else writes, other processes included.
	 */
	private static Path createFile(Path directory, String name) throws IOException {
		for (int number = 1;; number++) {
			Path file = directory.resolve(name + ((number > 1) ? "-" + number : "") + ".txt");
			try {
				PrivateFiles.createFile(file);
				return file;
			}
			catch (FileAlreadyExistsException ex) {
				// Answered in the same millisecond as another request
			}
		}
	}

	private static String text(List<Section> sections) {
		return sections.stream().map(PromptHistory::text).collect(Collectors.joining("\n"));
	}

	private static String text(Section section) {
		String text = section.text();
		return "--- " + section.heading() + " ---\n" + text + ((text.isEmpty() || text.endsWith("\n")) ? "" : "\n");
	}

}
