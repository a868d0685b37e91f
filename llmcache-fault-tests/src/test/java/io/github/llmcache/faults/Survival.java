package io.github.llmcache.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import tools.jackson.databind.json.JsonMapper;

/**
 * What was done to a cache, how often, and what became of it: a line of the report. A
 * test records it before it asserts, so that the report tells of a failure as well.
 */
public final class Survival {

	static final Path DIRECTORY = Path.of("target", "faults");

	private static final JsonMapper JSON = JsonMapper.shared();

	private final Map<String, Long> counts = new LinkedHashMap<>();

	private final Area area;

	private final String what;

	private long lost;

	private long wrong;

	private long thrown;

	private Survival(Area area, String what) {
		this.area = area;
		this.what = what;
	}

	/**
	 * Begin a line.
	 * @param area what the fault is of
	 * @param what what was done, in a few words, such as "SQLite: killed while it
	 * writes"; names the line
	 * @return the line
	 */
	public static Survival of(Area area, String what) {
		return new Survival(area, what);
	}

	/**
	 * Say how often something was done.
	 * @param unit what, in the plural, such as "kills"
	 * @param count how often
	 * @return this line
	 */
	public Survival count(String unit, long count) {
		this.counts.merge(unit, count, Long::sum);
		return this;
	}

	/**
	 * Say how much that was acknowledged is gone.
	 * @param count how many answers, samples or counts; 0 if the suite passes
	 * @return this line
	 */
	public Survival lost(long count) {
		this.lost += count;
		return this;
	}

	/**
	 * Say how much was returned that is not what was stored for the request.
	 * @param count how many answers; 0 if the suite passes
	 * @return this line
	 */
	public Survival wrong(long count) {
		this.wrong += count;
		return this;
	}

	/**
	 * Say how many exceptions reached a caller that none should have.
	 * @param count how many; 0 if the suite passes
	 * @return this line
	 */
	public Survival thrown(long count) {
		this.thrown += count;
		return this;
	}

	/**
	 * Write the line for the report.
	 */
	public void record() {
		Line line = new Line(this.area, this.what, this.counts, this.lost, this.wrong, this.thrown);
		String name = this.area.name() + "-" + this.what.replaceAll("[^A-Za-z0-9]+", "-");
		try {
			Files.createDirectories(DIRECTORY);
			Files.write(DIRECTORY.resolve(name.toLowerCase(Locale.ROOT) + ".json"), JSON.writeValueAsBytes(line));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * A line of the report.
	 */
	record Line(Area area, String what, Map<String, Long> counts, long lost, long wrong, long thrown) {
	}

}
