package io.github.llmcache.testsupport;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.awaitility.Awaitility.await;

/**
 * A page in a {@link Browser}. What goes wrong in it and what it asks for is kept.
 */
public final class BrowserPage implements AutoCloseable {

	private static final Map<String, Key> KEYS = Map.of("Tab", new Key(9, null), "Enter", new Key(13, "\r"), "Escape",
			new Key(27, null), "Space", new Key(32, " "), "ArrowRight", new Key(39, null));

	private final JsonMapper mapper = JsonMapper.shared();

	private final AtomicInteger lastId = new AtomicInteger();

	private final Map<Integer, CompletableFuture<JsonNode>> pending = new ConcurrentHashMap<>();

	private final List<String> complaints = new CopyOnWriteArrayList<>();

	private final List<String> requests = new CopyOnWriteArrayList<>();

	private final CompletableFuture<WebSocket> socket;

	private BrowserPage(HttpClient client, URI address) {
		this.socket = client.newWebSocketBuilder().buildAsync(address, new Messages());
	}

	static BrowserPage connect(HttpClient client, URI address) {
		BrowserPage page = new BrowserPage(client, address);
		for (String domain : List.of("Page", "Runtime", "Log", "Network", "Accessibility")) {
			page.send(domain + ".enable", Map.of());
		}
		page.send("Network.setCacheDisabled", Map.of("cacheDisabled", true));
		return page;
	}

	/**
	 * Show what is at an address, as if it was typed in.
	 * @param address the address
	 */
	public void open(String address) {
		// Another fragment alone would load nothing
		send("Page.navigate", Map.of("url", "about:blank"));
		await().until(() -> evaluate("document.URL").stringValue().equals("about:blank"));
		send("Page.navigate", Map.of("url", address));
	}

	/**
	 * Run a script in the page.
	 * @param expression the script's expression; a promise is waited for
	 * @return its value
	 */
	public JsonNode evaluate(String expression) {
		JsonNode answer = send("Runtime.evaluate",
				Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
		if (answer.has("exceptionDetails")) {
			throw new IllegalStateException(expression + ": " + answer.path("exceptionDetails"));
		}
		return answer.path("result").path("value");
	}

	/**
	 * Wait until something is true in the page.
	 * @param condition the script's expression; an exception is not true
	 */
	public void waitFor(String condition) {
		await(condition).until(() -> {
			// While another page is loaded there is nothing that could be asked
			JsonNode answer = send("Runtime.evaluate",
					Map.of("expression", "!!(" + condition + ")", "returnByValue", true));
			return answer.path("result").path("value").asBoolean(false);
		});
	}

	/**
	 * Press and release a key.
	 * @param name the key's name
	 */
	public void press(String name) {
		Key key = KEYS.get(name);
		if (key == null) {
			throw new IllegalArgumentException(name);
		}
		String code = name.equals("Space") ? " " : name;
		String text = (key.text() != null) ? key.text() : "";
		send("Input.dispatchKeyEvent", Map.of("type", text.isEmpty() ? "rawKeyDown" : "keyDown", "key", code, "code",
				name, "windowsVirtualKeyCode", key.code(), "text", text));
		send("Input.dispatchKeyEvent",
				Map.of("type", "keyUp", "key", code, "code", name, "windowsVirtualKeyCode", key.code()));
	}

	/**
	 * Type a text where the focus is.
	 * @param text the text
	 */
	public void type(String text) {
		send("Input.insertText", Map.of("text", text));
	}

	/**
	 * Choose how the page is shown.
	 * @param width the width in pixels
	 * @param height the height in pixels
	 * @param scheme {@code light} or {@code dark}
	 */
	public void show(int width, int height, String scheme) {
		send("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
		send("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
	}

	/**
	 * Take a picture.
	 * @return the picture as PNG
	 */
	public byte[] picture() {
		return Base64.getDecoder()
			.decode(send("Page.captureScreenshot", Map.of("format", "png")).path("data").stringValue());
	}

	/**
	 * Return what assistive technology is told of the page.
	 * @return the nodes that it is told of
	 */
	public List<JsonNode> accessibilityNodes() {
		return send("Accessibility.getFullAXTree", Map.of()).path("nodes")
			.valueStream()
			.filter((node) -> !node.path("ignored").asBoolean())
			.toList();
	}

	/**
	 * Return what went wrong in the page: exceptions, violations of its policy, dialogs,
	 * and whatever was written to its console. That a request fails is none.
	 * @return a description each
	 */
	public List<String> complaints() {
		return this.complaints;
	}

	/**
	 * Return what the page asked for.
	 * @return the addresses
	 */
	public List<String> requests() {
		return this.requests;
	}

	@Override
	public void close() {
		send("Page.close", Map.of());
		this.socket.join().abort();
	}

	private JsonNode send(String method, Map<String, Object> parameters) {
		int id = this.lastId.incrementAndGet();
		CompletableFuture<JsonNode> answer = new CompletableFuture<>();
		this.pending.put(id, answer);
		String message = this.mapper.writeValueAsString(Map.of("id", id, "method", method, "params", parameters));
		this.socket.join().sendText(message, true).join();
		return answer.join();
	}

	private void receive(JsonNode message) {
		JsonNode parameters = message.path("params");
		CompletableFuture<JsonNode> answer = this.pending.remove(message.path("id").asInt(0));
		if (answer != null) {
			answer.complete(message.path("result"));
			return;
		}
		switch (message.path("method").asString("")) {
			case "Network.requestWillBeSent" -> this.requests.add(parameters.path("request").path("url").asString(""));
			case "Log.entryAdded" -> {
				if (!parameters.path("entry").path("source").asString("").equals("network")) {
					this.complaints.add(parameters.toString());
				}
			}
			case "Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Page.javascriptDialogOpening" ->
				this.complaints.add(message.toString());
			default -> {
			}
		}
	}

	private record Key(int code, @Nullable String text) {
	}

	/**
	 * Puts together what comes in pieces.
	 */
	private final class Messages implements WebSocket.Listener {

		private final StringBuilder message = new StringBuilder();

		@Override
		public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
			this.message.append(data);
			if (last) {
				receive(BrowserPage.this.mapper.readTree(this.message.toString()));
				this.message.setLength(0);
			}
			socket.request(1);
			return null;
		}

		@Override
		public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
			fail(new IllegalStateException("The page was closed"));
			return null;
		}

		@Override
		public void onError(WebSocket socket, Throwable error) {
			fail(error);
		}

		private void fail(Throwable error) {
			new ArrayList<>(BrowserPage.this.pending.values()).forEach((answer) -> answer.completeExceptionally(error));
		}

	}

}
