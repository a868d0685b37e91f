package io.github.llmcache.actuate.endpoint;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;

/**
 * The files that the page consists of, which are those that are listed here and no
 * others. They are read once, from the class path. Thread-safe.
 */
final class UiAssets {

	private static final String FOLDER = "/io/github/llmcache/ui/";

	private static final String PAGE = "index.html";

	private static final MimeType HTML = MimeTypeUtils.parseMimeType("text/html;charset=UTF-8");

	private static final MimeType STYLE = MimeTypeUtils.parseMimeType("text/css;charset=UTF-8");

	private static final MimeType SCRIPT = MimeTypeUtils.parseMimeType("text/javascript;charset=UTF-8");

	private static final MimeType IMAGE = MimeTypeUtils.parseMimeType("image/svg+xml");

	private static final MimeType TEXT = MimeTypeUtils.parseMimeType("text/plain;charset=UTF-8");

	private static final List<String> SCRIPTS = List.of("api", "app", "chartist", "confirm", "dom", "entries", "entry",
			"explain", "filter", "format", "models", "overview", "plots", "states");

	/** By the names of the files, which are those below {@code ui/} in the path. */
	private static final Map<String, MimeType> TYPES = types();

	private final Map<String, Asset> assets = new LinkedHashMap<>();

	/**
	 * Read the files.
	 * @throws IllegalStateException if one of them is not there
	 */
	UiAssets() {
		TYPES.forEach((name, type) -> this.assets.put(name, new Asset(read(name), type)));
	}

	private static Map<String, MimeType> types() {
		Map<String, MimeType> types = new LinkedHashMap<>(
				Map.of(PAGE, HTML, "style.css", STYLE, "icon.svg", IMAGE, "chartist-LICENSE.txt", TEXT));
		SCRIPTS.forEach((name) -> types.put(name + ".js", SCRIPT));
		return types;
	}

	private static byte[] read(String name) {
		try (InputStream file = UiAssets.class.getResourceAsStream(FOLDER + name)) {
			if (file == null) {
				throw new IllegalStateException(FOLDER + name + " is not on the class path");
			}
			return file.readAllBytes();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return the page itself.
	 * @return the page
	 */
	Asset page() {
		Asset page = find(PAGE);
		if (page == null) {
			throw new IllegalStateException("There is no page");
		}
		return page;
	}

	/**
	 * Find a file.
	 * @param name its name, whatever it may be
	 * @return the file, or {@code null} if there is none of that name
	 */
	@Nullable Asset find(String name) {
		return this.assets.get(name);
	}

	/**
	 * A file.
	 *
	 * @param bytes its content; must not be changed
	 * @param type its type
	 */
	record Asset(byte[] bytes, MimeType type) {
	}

}
