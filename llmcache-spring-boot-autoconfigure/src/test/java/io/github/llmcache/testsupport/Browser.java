package io.github.llmcache.testsupport;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import tools.jackson.databind.json.JsonMapper;

import static org.awaitility.Awaitility.await;

/**
 * A real Chromium without a window, spoken to by the
 * <a href="https://chromedevtools.github.io/devtools-protocol/">Chrome DevTools
 * Protocol</a>.
 */
public final class Browser implements AutoCloseable {

	private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");

	/**
	 * As root, as in containers, there is no sandbox; it sees nothing but this machine.
	 */
	private static final List<String> OPTIONS = List.of("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
			"--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
			"--hide-scrollbars", "--lang=en-US", "--remote-debugging-port=0");

	private final Process process;

	private final URI address;

	private final HttpClient client = HttpClient.newHttpClient();

	private Browser(Process process, URI address) {
		this.process = process;
		this.address = address;
	}

	/**
	 * Find the browser on this machine.
	 * @return the executable, or empty if it is not installed
	 */
	public static Optional<Path> find() {
		return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
			.flatMap((folder) -> NAMES.stream().map((name) -> Path.of(folder, name)))
			.filter(Files::isExecutable)
			.findFirst();
	}

	/**
	 * Start the browser.
	 * @param executable the executable
	 * @param profile an empty folder for what it keeps
	 * @return the browser
	 */
	public static Browser start(Path executable, Path profile) {
		Path announcement = profile.resolve("DevToolsActivePort");
		ProcessBuilder command = new ProcessBuilder(executable.toString());
		command.command().addAll(OPTIONS);
		command.command().add("--user-data-dir=" + profile);
		try {
			Process process = command.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
			await().until(() -> {
				if (!process.isAlive()) {
					throw new IllegalStateException("The browser ended with " + process.exitValue());
				}
				return Files.exists(announcement) && Files.readAllLines(announcement).size() > 1;
			});
			return new Browser(process, URI.create("http://127.0.0.1:" + Files.readAllLines(announcement).get(0)));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Open a page, which shows nothing yet.
	 * @return the page
	 */
	public BrowserPage newPage() {
		HttpRequest request = HttpRequest.newBuilder(this.address.resolve("/json/new?about:blank"))
			.PUT(HttpRequest.BodyPublishers.noBody())
			.build();
		try {
			String target = this.client.send(request, HttpResponse.BodyHandlers.ofString()).body();
			String socket = JsonMapper.shared().readTree(target).path("webSocketDebuggerUrl").stringValue();
			return BrowserPage.connect(this.client, URI.create(socket));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * End the browser, and wait until it no longer writes into its folder.
	 */
	@Override
	public void close() {
		this.process.descendants().forEach(ProcessHandle::destroyForcibly);
		this.process.destroyForcibly();
		this.process.onExit().join();
	}

}
