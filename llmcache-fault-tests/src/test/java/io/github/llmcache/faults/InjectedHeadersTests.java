package io.github.llmcache.faults;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.llmcache.EmbeddingRequest;
import io.github.llmcache.InferenceApi;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InvalidRequestException;
import io.github.llmcache.provider.StandInProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tries to make another request of one: with another path, another header or to another
 * host, through properties and through ids of models.
 */
class InjectedHeadersTests {

	private static final String SECRET = "sk-5ecre7c0ffee";

	/** How what is put between two parts of a value ends a line, or may do so later. */
	private static final List<String> BREAKS = List.of("\r\n", "\n", "\r", "\r\n ", "\0", "\u000b", "\f", "\u007f",
			"\u0085", "\u00e9", "\u010a", "\u010d", "\u560a\u560d", "\u2028", "\uD83D\uDE00", "\uD800");

	/** Those of them that are part of a path like others, in their encoded form. */
	private static final List<String> PATHS = List.of("\u00e9", "\u010a", "\u010d", "\u560a\u560d", "\uD83D\uDE00");

	private static final List<String> MODELS = List.of("m", "../../v2/files", "a/../../b", "..", ".", "/", "//evil",
			"http://evil.test/x", "@evil.test", "m@evil.test", "m?key=1", "m#x", "m:countTokens",
			"m:streamGenerateContent?", "%2e%2e", "%2e%2e%2f%2e%2e", "%2F..%2F", "..%2f", "..%5c..", "..\\..", "m;x=1",
			"m HTTP/1.1\r\nX-Evil: 1\r\n\r\n", "m\r\nX-Evil: 1", "m\nX-Evil: 1", "m\rX-Evil: 1", "m\0",
			"m\u010aX-Evil: 1", "m\u560a\u560dX-Evil: 1", "m\u0085", "m\u2028", "\u00e9", "\u2025/\u2025",
			"\uFF0E\uFF0E\uFF0F", "\uD83D\uDE00", "\uD800", "models/../files", "models/m", "tunedModels/m",
			"tunedModels/..", "models/models/m", "m%0d%0aX-Evil:%201", "m%00", "m%", "m%zz", "m+n", "m n", "{m}",
			"${m}", "m&n=1", "m,n", "*", "m|n", "m^n", "m`n", "m\"n", "m<n>", "x".repeat(5000));

	private HeadRecorder recorder;

	private StandInProvider elsewhere;

	@BeforeEach
	void start() {
		this.recorder = HeadRecorder.start(InjectedHeadersTests::answer);
		this.elsewhere = StandInProvider.start().acceptAnyKey();
	}

	@AfterEach
	void stop() {
		this.elsewhere.close();
		this.recorder.close();
	}

	private static String answer(String head) {
		if (head.contains("/messages")) {
			return "{\"id\":\"1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\","
					+ "\"content\":[{\"type\":\"text\",\"text\":\"a\"}],\"stop_reason\":\"end_turn\","
					+ "\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}";
		}
		if (head.contains("/embeddings")) {
			return "{\"data\":[{\"index\":0,\"embedding\":[1]}],\"usage\":{\"prompt_tokens\":1,\"total_tokens\":1}}";
		}
		return head.contains("enerateContent") ? "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":"
				+ "[{\"text\":\"a\"}]},\"finishReason\":\"STOP\",\"index\":0}]}" : Asker.completion("a");
	}

	private ApplicationContextRunner application() {
		ApplicationContextRunner application = Applications.of(this.elsewhere)
			.withPropertyValues("llmcache.mode=off", "llmcache.retry.max-attempts=1");
		for (String provider : List.of("openai", "anthropic", "gemini")) {
			application = application.withPropertyValues("llmcache.providers." + provider + ".api-key=" + SECRET,
					"llmcache.providers." + provider + ".base-url=" + baseUrl());
		}
		return application;
	}

	private String baseUrl() {
		return "http://127.0.0.1:" + this.recorder.port() + "/v1";
	}

	@Test
	void noIdOfAModelMakesAnotherRequest() {
		Map<String, Pattern> lines = new LinkedHashMap<>();
		lines.put("openai", Pattern.compile("POST /v1/(chat/completions|embeddings) HTTP/1\\.1"));
		lines.put("anthropic", Pattern.compile("POST /v1/messages HTTP/1\\.1"));
		lines.put("gemini", Pattern
			.compile("POST /v1/(models|tunedModels)/(?:[A-Za-z0-9._*-]++|%[0-9A-F]{2})++:generateContent HTTP/1\\.1"));
		List<String> problems = new ArrayList<>();
		long[] counts = new long[2];
		application().run((context) -> {
			InferenceApi inference = context.getBean(InferenceApi.class);
			lines.forEach((provider, line) -> {
				List<String> names = headers(one(inference, InferenceRequest.builder("m").provider(provider)));
				for (String model : MODELS) {
					String head = one(inference, InferenceRequest.builder(model).provider(provider));
					String problem = (head != null) ? problem(head, line, names) : null;
					if (problem != null) {
						problems.add(provider + " " + quote(model) + ": " + problem);
					}
					counts[(head != null) ? 0 : 1]++;
				}
			});
			for (String model : MODELS.subList(0, MODELS.size() - 1)) {
				String head = sent(() -> inference
					.embed(EmbeddingRequest.builder(model).provider("openai").texts(List.of("a")).build()));
				if (head != null && !lines.get("openai").matcher(head.lines().findFirst().orElse("")).matches()) {
					problems.add("embeddings " + quote(model));
				}
			}
		});
		Survival.of(Area.INPUT, "Ids of models that are paths, queries, headers and hosts")
			.count("requests sent", counts[0])
			.count("refused before they are sent", counts[1])
			.wrong(problems.size() + this.elsewhere.connectionCount())
			.record();
		assertThat(problems).isEmpty();
		assertThat(this.elsewhere.connectionCount()).isZero();
		assertThat(counts[0]).isGreaterThan(2L * MODELS.size());
	}

	private @Nullable String one(InferenceApi inference, InferenceRequest.Builder request) {
		return sent(() -> inference.infer(request.user("Question").maxTokens(1).build()));
	}

	/**
	 * Return the head of the only request that is sent, {@code null} if it is refused.
	 */
	private @Nullable String sent(Runnable call) {
		int before = this.recorder.heads().size();
		try {
			call.run();
		}
		catch (InvalidRequestException ex) {
			assertThat(this.recorder.heads()).hasSize(before);
			assertThat(ex.getMessage()).isNotBlank().doesNotContainPattern("[\\r\\n\\x00]");
			return null;
		}
		assertThat(this.recorder.heads()).hasSize(before + 1);
		return this.recorder.heads().get(before);
	}

	private @Nullable String problem(String head, Pattern line, List<String> names) {
		String first = head.substring(0, Math.max(0, head.indexOf("\r\n")));
		if (!line.matcher(first).matches()) {
			return "begins with " + first;
		}
		if (!headers(head).equals(names)) {
			return "has the headers " + headers(head);
		}
		return head.contains("\r\nHost: 127.0.0.1:" + this.recorder.port() + "\r\n") ? null : "is for another host";
	}

	/**
	 * Return the names of a head's headers, as somebody reads it who takes anything for
	 * the end of a line.
	 */
	private static List<String> headers(@Nullable String head) {
		return Stream.of(String.valueOf(head).split("[\\r\\n]+"))
			.skip(1)
			.map((header) -> header.substring(0, Math.max(0, header.indexOf(':'))))
			.sorted()
			.toList();
	}

	@Test
	void noPropertyMakesAnotherRequestAndWrongOnesEndTheStart() {
		List<String> wrong = new ArrayList<>();
		for (String hidden : BREAKS.subList(0, Scale.of(BREAKS.size(), 3))) {
			for (String provider : List.of("openai", "anthropic", "gemini")) {
				wrong.add(provider + ".api-key=" + SECRET + hidden + "X-Evil: 1");
				wrong.add(provider + ".headers.X-Team=" + SECRET + hidden + "X-Evil: 1");
			}
			wrong.add("openai.headers.[X-Team" + hidden + "X-Evil]=" + SECRET);
			if (!PATHS.contains(hidden)) {
				wrong.add("openai.base-url=" + baseUrl() + hidden + SECRET);
			}
			wrong.add("openai.base-url=http://127.0.0.1" + hidden + ".evil.test/" + SECRET);
		}
		int elsewhere = this.elsewhere.port();
		for (String url : List.of("http://" + SECRET + "@127.0.0.1:" + elsewhere,
				"http://127.0.0.1:" + this.recorder.port() + "@127.0.0.1:" + elsewhere + "/" + SECRET,
				"http://127.0.0.1:" + this.recorder.port() + "\\@127.0.0.1:" + elsewhere + "/" + SECRET,
				baseUrl() + "?key=" + SECRET, baseUrl() + "#" + SECRET, "//127.0.0.1/" + SECRET, "file:///" + SECRET,
				"ftp://127.0.0.1/" + SECRET, "jar:http://127.0.0.1/" + SECRET, "http:///" + SECRET, "http:" + SECRET,
				SECRET, "http://127.0.0.1:99999/" + SECRET, "http://127.0.0.1:-1/" + SECRET, "http://[::1/" + SECRET,
				"http://a b/" + SECRET, "http://127.0.0.1:80:80/" + SECRET, "http://%31%32%37.0.0.1/" + SECRET,
				"http://\uFF41.test/" + SECRET)) {
			wrong.add("openai.base-url=" + url);
		}
		for (String name : List.of("Host", "host", "Content-Length", "Transfer-Encoding", "Connection", "Upgrade",
				"Expect", "Content-Type", "Accept", "A B", "A(B)", "A;B", "\u00c4")) {
			wrong.add("openai.headers.[" + name + "]=" + SECRET);
		}
		List<String> problems = new ArrayList<>();
		for (String property : wrong) {
			application().withPropertyValues("llmcache.providers." + property).run((context) -> {
				String problem = startProblem(context.getStartupFailure(), property);
				if (problem != null) {
					problems.add(quote(property) + ": " + problem);
				}
			});
		}
		List<String> stripped = List.of("\r\n", "\n", "\r", " ", "\t\r\n");
		for (String end : stripped) {
			application().withPropertyValues("llmcache.providers.openai.api-key=" + end + SECRET + end)
				.run((context) -> {
					String head = one(context.getBean(InferenceApi.class),
							InferenceRequest.builder("m").provider("openai"));
					if (head == null || !head.contains("\r\nAuthorization: Bearer " + SECRET + "\r\n")) {
						problems.add("key with white space around it: " + head);
					}
				});
		}
		for (String path : PATHS) {
			application().withPropertyValues("llmcache.providers.openai.base-url=" + baseUrl() + path)
				.run((context) -> {
					String head = one(context.getBean(InferenceApi.class),
							InferenceRequest.builder("m").provider("openai"));
					if (head == null || !head.matches("(?s)POST /v1(%[0-9A-F]{2})+/chat/completions HTTP/1\\.1\r\n.*")
							|| head.contains("Evil")) {
						problems.add("path that is not ASCII: " + head);
					}
				});
		}
		Survival.of(Area.INPUT, "Properties of providers that hold headers, hosts and paths of others")
			.count("configurations that do not start", wrong.size())
			.count("that do, with what is meant", stripped.size() + PATHS.size())
			.wrong(problems.size() + this.elsewhere.connectionCount())
			.record();
		assertThat(problems).isEmpty();
		assertThat(this.elsewhere.connectionCount()).isZero();
		assertThat(this.recorder.heads()).hasSize(stripped.size() + PATHS.size());
	}

	private static String quote(String text) {
		return JsonMapper.shared().writeValueAsString(text);
	}

	private static @Nullable String startProblem(@Nullable Throwable failure, String property) {
		if (failure == null) {
			return "starts";
		}
		StringWriter trace = new StringWriter();
		failure.printStackTrace(new PrintWriter(trace));
		if (trace.toString().contains(SECRET)) {
			return "quotes the key";
		}
		Throwable root = failure;
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			root = cause;
		}
		String name = "llmcache.providers." + property.substring(0, property.indexOf('.')) + "."
				+ property.substring(property.indexOf('.') + 1).split("[.=]", 2)[0];
		String message = String.valueOf(root.getMessage());
		return (message.contains(name) && !message.contains("\n")) ? null : "is explained by " + message;
	}

}
