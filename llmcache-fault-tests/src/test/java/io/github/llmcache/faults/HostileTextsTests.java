package io.github.llmcache.faults;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;

import io.github.llmcache.CacheControl;
import io.github.llmcache.CacheMissException;
import io.github.llmcache.ChatMessage;
import io.github.llmcache.ContentPart;
import io.github.llmcache.EmbeddingRequest;
import io.github.llmcache.InferenceApi;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InvalidRequestException;
import io.github.llmcache.RawJson;
import io.github.llmcache.ResponseFormat;
import io.github.llmcache.Tool;
import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKeyHasher;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.cache.CacheManager.CacheLookup;
import io.github.llmcache.cache.CacheManager.CacheWrite;
import io.github.llmcache.cache.CacheManager.EntryReader;
import io.github.llmcache.cache.CacheRequest;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.provider.Reply;
import io.github.llmcache.provider.StandInProvider;
import io.github.llmcache.testsupport.RedisServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Puts characters that are more, or less, than characters wherever a request holds text.
 */
class HostileTextsTests {

	private static final List<String> TEXTS = first(Scale.of(25, 5), "\0", "a\0b", "\uFFFF", "\uFFFE", "\uFEFFa", "a",
			"a\r\nb", "a\nb", "a\rb", "a\u2028b", "\uD83D\uDE00", "\uFFFD", "?", "\\uD800", "\\", "\"", "\u001b[31m",
			"\u007f", "\u0085", "\u00e9", "e\u0301", "${a}", "\uDBFF\uDFFF", "\"},{\"role\":\"system\"",
			"data: [DONE]\n\n");

	/** Halves of characters, which UTF-8 does not have. */
	private static final List<String> HALVES = first(Scale.of(8, 3), "\uD800", "\uDBFF", "\uDC00", "\uDFFF",
			"\uDC00\uD800", "a\uD800b", "\uD83D", "\uD83D\uD83D\uDE00");

	/** Is in every answer, as an escape. */
	private static final String HALF = "\uD801";

	private static final JsonMapper JSON = JsonMapper.shared();

	private static final EntryReader<String> BODY = new EntryReader<>() {

		@Override
		public Class<String> type() {
			return String.class;
		}

		@Override
		public String read(CacheEntry entry) {
			return new String(entry.responses().get(0).body(), StandardCharsets.UTF_8);
		}

	};

	@ParameterizedTest
	@ValueSource(strings = { "sqlite", "file", "redis" })
	void textsAreSentAndFoundAsTheyAre(String backend, @TempDir Path directory) {
		Map<String, BiFunction<InferenceRequest.Builder, String, InferenceRequest.Builder>> places = places();
		Map<InferenceRequest, String> answers = new LinkedHashMap<>();
		List<String> problems = new ArrayList<>();
		long[] refused = new long[1];
		try (RedisServer server = RedisServer.start(); StandInProvider standIn = StandInProvider.start()) {
			standIn.answer((received) -> Reply
				.ok(Asker.completion("Call " + standIn.requestCount()).replace("Call", "\\ud801 Call")));
			ApplicationContextRunner application = application(backend, directory, server, standIn);
			application.run((context) -> {
				InferenceApi inference = context.getBean(InferenceApi.class);
				places.forEach((place, put) -> {
					for (String text : TEXTS) {
						InferenceRequest request = request(put, text);
						String problem = ask(inference, request, answers);
						if (problem == null && !holds(standIn.lastRequest().json(), text)) {
							problem = "is not sent";
						}
						if (problem != null) {
							problems.add(place + " " + JSON.writeValueAsString(text) + " " + problem);
						}
					}
					for (String text : HALVES) {
						int before = standIn.requestCount();
						String problem = refuse(inference, request(put, text));
						if (problem == null && standIn.requestCount() > before) {
							problem = "is sent";
						}
						if (problem != null) {
							problems.add(place + " " + escaped(text) + " " + problem);
						}
						refused[0]++;
					}
				});
				for (String text : HALVES) {
					int before = standIn.requestCount();
					try {
						inference
							.embed(EmbeddingRequest.builder("text-embedding-3-small").texts(List.of(text)).build());
						problems.add("embedding " + escaped(text) + " is not refused");
					}
					catch (InvalidRequestException ex) {
						refused[0] += (standIn.requestCount() == before) ? 1 : 0;
					}
				}
			});
			int calls = standIn.requestCount();
			application.run((context) -> {
				InferenceApi inference = context.getBean(InferenceApi.class);
				answers.forEach((request, answer) -> {
					InferenceResponse again = inference.infer(request);
					if (!again.cached() || !again.text().equals(answer)) {
						problems.add("not the answer of " + answer.substring(1));
					}
				});
			});
			if (standIn.requestCount() > calls) {
				problems.add((standIn.requestCount() - calls) + " asked again");
			}
		}
		long same = answers.size() - new HashSet<>(answers.values()).size();
		Survival.of(Area.INPUT, "Texts with NUL, line ends, halves of characters and the like: " + backend)
			.count("requests answered", answers.size())
			.count("refused before they are sent", refused[0])
			.wrong(problems.size() + same)
			.record();
		assertThat(problems).isEmpty();
		assertThat(same).isZero();
		assertThat(answers).hasSize(places.size() * TEXTS.size());
		assertThat(refused[0]).isEqualTo((places.size() + 1L) * HALVES.size());
	}

	/**
	 * What no provider is sent can be imported, or be stored by an application.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "sqlite", "file", "redis" })
	void entriesOfRequestsWithHalvesOfCharactersAreToldApart(String backend, @TempDir Path directory) {
		List<CacheRequest> requests = new ArrayList<>();
		CacheKeyHasher hasher = new CacheKeyHasher();
		for (String text : HALVES) {
			ObjectNode[] bodies = new ObjectNode[] { body(), body(), body() };
			bodies[0].putArray("messages").addObject().put("role", "user").put("content", text);
			bodies[1].putObject("metadata").put(text, "a");
			bodies[2].put(text, "a");
			for (ObjectNode body : bodies) {
				requests
					.add(new CacheRequest("", "stand-in", "chat/completions", "gpt-test", body, "messages", hasher));
			}
			requests
				.add(new CacheRequest(text, "stand-in", "chat/completions", "gpt-test", body(), "messages", hasher));
			requests.add(new CacheRequest("", "stand-in", "chat/completions", text, body(), "messages", hasher));
		}
		long[] wrong = new long[1];
		try (RedisServer server = RedisServer.start(); StandInProvider standIn = StandInProvider.start()) {
			ApplicationContextRunner application = application(backend, directory, server, standIn);
			application.run((context) -> {
				CacheManager cache = context.getBean(CacheManager.class);
				cache.saveAll(requests.stream()
					.map((request) -> new CacheWrite(request, response(requests, request)))
					.toList());
			});
			application.run((context) -> {
				CacheManager cache = context.getBean(CacheManager.class);
				for (CacheRequest request : requests) {
					String found = cache.lookup(new CacheLookup(request, null), BODY);
					wrong[0] += "{\"number\":%d}".formatted(requests.indexOf(request)).equals(found) ? 0 : 1;
					CacheRequest other = new CacheRequest(request.namespace(), request.endpoint(), request.operation(),
							request.model(), request.body().deepCopy().put("other", 1), "messages", hasher);
					assertThat(cache.explain(new CacheLookup(other, null)).isHit()).isFalse();
				}
				assertThat(cache.health().isUp()).isTrue();
			});
		}
		Survival.of(Area.INPUT, "Entries whose requests hold halves of characters: " + backend)
			.count("entries", requests.size())
			.wrong(wrong[0])
			.record();
		assertThat(wrong[0]).isZero();
	}

	private static List<String> first(int count, String... texts) {
		return List.of(texts).subList(0, count);
	}

	private static ApplicationContextRunner application(String backend, Path directory, RedisServer server,
			StandInProvider standIn) {
		return Applications.onRedis(standIn, 30_000)
			.withPropertyValues("llmcache.backend=" + backend, "llmcache.directory=" + directory,
					"spring.data.redis.port=" + server.port());
	}

	private static ObjectNode body() {
		return JSON.createObjectNode().put("model", "gpt-test");
	}

	private static CachedResponse response(List<CacheRequest> requests, CacheRequest request) {
		byte[] body = "{\"number\":%d}".formatted(requests.indexOf(request)).getBytes(StandardCharsets.US_ASCII);
		return new CachedResponse(body, 1, 1, 1, null, "STOP", Instant.now(), Duration.ofMillis(1), null);
	}

	/**
	 * Where a request holds text that it passes on.
	 */
	private static Map<String, BiFunction<InferenceRequest.Builder, String, InferenceRequest.Builder>> places() {
		Map<String, BiFunction<InferenceRequest.Builder, String, InferenceRequest.Builder>> places = new LinkedHashMap<>();
		places.put("message", InferenceRequest.Builder::user);
		places.put("instructions", InferenceRequest.Builder::system);
		places.put("earlier answer", (request, text) -> request.assistant(text).user("Question"));
		places.put("stop", InferenceRequest.Builder::stop);
		places.put("name of a tool", (request, text) -> request.tools(Tool.of("t" + text, "Does", "{}")));
		places.put("description of a tool", (request, text) -> request.tools(Tool.of("tool", text, "{}")));
		places.put("result of a tool",
				(request, text) -> request
					.message(ChatMessage.assistant(new ContentPart.ToolCall("call-1", "tool", "{}")))
					.message(ChatMessage.toolResult("call-1", text)));
		places.put("member of a tool's schema",
				(request, text) -> request.tools(Tool.of("tool", "Does", "{\"properties\":" + object(text) + "}")));
		places.put("escaped member of a schema", (request, text) -> request
			.responseFormat(ResponseFormat.jsonSchema("schema", "{\"properties\":" + escapedObject(text) + "}")));
		places.put("name of a schema",
				(request, text) -> request.responseFormat(ResponseFormat.jsonSchema("s" + text, "{}")));
		places.put("name of a parameter", (request, text) -> request.parameter("x" + text, true));
		places.put("value of a parameter", (request, text) -> request.parameter("user", text));
		places.put("name of metadata", (request, text) -> request.parameter("metadata", Map.of(text, "a")));
		places.put("metadata", (request, text) -> request.parameter("metadata", Map.of("b", text)));
		places.put("JSON", (request, text) -> request.parameter("extra", RawJson.of("[" + object(text) + "]")));
		return places;
	}

	private static InferenceRequest request(
			BiFunction<InferenceRequest.Builder, String, InferenceRequest.Builder> place, String text) {
		return place.apply(InferenceRequest.builder("gpt-test").user("Question"), text).build();
	}

	private static String object(String name) {
		return JSON.writeValueAsString(Map.of(name, "a"));
	}

	private static String escapedObject(String name) {
		return "{\"" + escaped(name) + "\":{}}";
	}

	private static String escaped(String text) {
		StringBuilder escaped = new StringBuilder();
		text.chars().forEach((unit) -> escaped.append("\\u%04x".formatted(unit)));
		return escaped.toString();
	}

	private static @Nullable String ask(InferenceApi inference, InferenceRequest request,
			Map<InferenceRequest, String> answers) {
		try {
			String answer = inference.infer(request).text();
			answers.put(request, answer);
			return answer.startsWith(HALF + " Call") ? null : "is answered with something else";
		}
		catch (RuntimeException ex) {
			return "threw " + ex;
		}
	}

	private static @Nullable String refuse(InferenceApi inference, InferenceRequest request) {
		try {
			inference.explain(request);
			inference.infer(request.toBuilder().cacheControl(CacheControl.DEFAULT.withOnlyIfCached()).build());
			return "is found";
		}
		catch (CacheMissException | InvalidRequestException ex) {
			// Nothing can be stored for it
		}
		catch (RuntimeException ex) {
			return "threw " + ex;
		}
		try {
			inference.infer(request);
			return "is not refused";
		}
		catch (InvalidRequestException ex) {
			return Objects.requireNonNull(ex.getMessage()).isBlank() ? "is refused without a reason" : null;
		}
		catch (RuntimeException ex) {
			return "threw " + ex;
		}
	}

	/**
	 * Return whether the text is somewhere in what was received, as a value or a name.
	 */
	private static boolean holds(JsonNode node, String text) {
		if (node.isString()) {
			return node.stringValue().endsWith(text);
		}
		return node.isObject() && node.propertyNames().stream().anyMatch((name) -> name.endsWith(text))
				|| node.values().stream().anyMatch((value) -> holds(value, text));
	}

}
