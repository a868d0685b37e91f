package io.github.llmcache.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.llmcache.faults.Survival.Line;
import org.jspecify.annotations.Nullable;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes what the suite has survived as a table, to {@code target/reliability.md}, once
 * it has ended. With {@code -Dllmcache.faults.document=FILE} also into a document,
 * between the lines that mark the table there.
 */
public final class ReliabilityReport implements LauncherSessionListener {

	static final String BEGIN = "<!-- survived: written by the fault suite -->";

	static final String END = "<!-- /survived -->";

	private static final JsonMapper JSON = JsonMapper.shared();

	@Override
	public void launcherSessionClosed(LauncherSession session) {
		try {
			List<Line> lines = read(Survival.DIRECTORY);
			if (lines.isEmpty()) {
				return;
			}
			String table = table(lines);
			Files.writeString(Survival.DIRECTORY.resolveSibling("reliability.md"), table);
			String document = System.getProperty("llmcache.faults.document");
			if (document != null) {
				Path file = Path.of(document);
				Files.writeString(file, replace(Files.readString(file), table));
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static List<Line> read(Path directory) throws IOException {
		if (!Files.isDirectory(directory)) {
			return List.of();
		}
		try (Stream<Path> files = Files.list(directory)) {
			return files.map((file) -> JSON.readValue(file, Line.class))
				.sorted(Comparator.comparing(Line::area).thenComparing(Line::what))
				.toList();
		}
	}

	static String table(List<Line> lines) {
		StringBuilder table = new StringBuilder(
				"| What was done | How much of it | Lost | Wrong | Thrown |\n" + "|---|---|--:|--:|--:|\n");
		@Nullable Area area = null;
		for (Line line : lines) {
			if (line.area() != area) {
				area = line.area();
				table.append("| **").append(area.title()).append("** | | | | |\n");
			}
			table.append(row(line.what(), counts(line.counts()), "%,d", line.lost(), line.wrong(), line.thrown()));
		}
		long lost = lines.stream().mapToLong(Line::lost).sum();
		long wrong = lines.stream().mapToLong(Line::wrong).sum();
		long thrown = lines.stream().mapToLong(Line::thrown).sum();
		return table.append(row("**All of it**", "", "**%,d**", lost, wrong, thrown)).toString();
	}

	private static String row(String what, String counts, String format, long... numbers) {
		StringBuilder row = new StringBuilder("| ").append(what)
			.append(" |")
			.append(counts.isEmpty() ? "" : " " + counts)
			.append(" |");
		for (long number : numbers) {
			row.append(' ').append(String.format(Locale.ROOT, format, number)).append(" |");
		}
		return row.append('\n').toString();
	}

	private static String counts(Map<String, Long> counts) {
		return counts.entrySet()
			.stream()
			.map((count) -> String.format(Locale.ROOT, "%,d %s", count.getValue(), count.getKey()))
			.collect(Collectors.joining(", "));
	}

	static String replace(String document, String table) {
		int begin = document.indexOf(BEGIN);
		int end = document.indexOf(END);
		if (begin < 0 || end < begin) {
			throw new IllegalStateException("The document does not mark where the table is");
		}
		return document.substring(0, begin + BEGIN.length()) + "\n" + table + document.substring(end);
	}

}
