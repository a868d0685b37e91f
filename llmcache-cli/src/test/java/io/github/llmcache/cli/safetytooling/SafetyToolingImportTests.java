package io.github.llmcache.cli.safetytooling;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;

import io.github.llmcache.CacheControl;
import io.github.llmcache.ContentPart;
import io.github.llmcache.EmbeddingRequest;
import io.github.llmcache.EmbeddingResponse;
import io.github.llmcache.FinishReason;
import io.github.llmcache.InferenceApi;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.ModerationRequest;
import io.github.llmcache.ModerationResponse;
import io.github.llmcache.RawJson;
import io.github.llmcache.ReasoningOptions;
import io.github.llmcache.Sample;
import io.github.llmcache.Usage;
import io.github.llmcache.autoconfigure.LlmCacheAutoConfiguration;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.sqlite.SqliteCacheStore;
import io.github.llmcache.cache.sqlite.SqliteSettings;
import io.github.llmcache.cli.transfer.EntrySource;
import io.github.llmcache.testsupport.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static io.github.llmcache.cli.safetytooling.LibraryCache.message;
import static io.github.llmcache.cli.safetytooling.LibraryCache.params;
import static io.github.llmcache.cli.safetytooling.LibraryCache.response;
import static io.github.llmcache.cli.safetytooling.LibraryCache.usage;
import static io.github.llmcache.cli.safetytooling.LibraryCache.user;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Caches of safety-tooling in each of their three homes, imported and then asked through
 * {@link InferenceApi}: every request is a hit, and the provider is never called.
 */
class SafetyToolingImportTests {

	private static RedisServer redis;

	private static CountingServer server;

	@TempDir
	private Path temporary;

	@BeforeAll
	static void start() throws IOException {
		redis = RedisServer.start();
		server = new CountingServer();
	}

	@AfterAll
	static void stop() {
		redis.close();
		server.close();
	}

	@ParameterizedTest
	@EnumSource
	void openAi(Home home) throws Exception {
		String model = "gpt-4o-mini";
		LibraryCache cache = new LibraryCache()
			.answer(params(model, 1), user("What is 2 + 2?"),
					response(model, "4", "cost", "0.000123", "usage", usage(12, 3)))
			.answer(params(model, 1, "temperature", "0.0", "top_p", "0.5", "max_tokens", "10", "seed", "7", "stop",
					"[\"END\"]", "logprobs", "2", "logit_bias", "{\"50256\":-100.0}", "unknown_kwargs",
					"{\"response_format\":{\"type\":\"json_object\"},\"presence_penalty\":0.25}"),
					"[" + message("system", "Be brief.") + "," + message("user", "Grüße \"Welt\" 😀\n") + ","
							+ message("assistant", "Hello") + "," + message("user", "Again") + "]",
					response(model, "{}", "stop_reason", "\"max_tokens\""));
		ask(home, cache, SafetyToolingOptions.DEFAULT, (api) -> {
			InferenceResponse first = api.infer(InferenceRequest.builder(model).user("What is 2 + 2?").build());
			assertThat(first.text()).isEqualTo("4");
			assertThat(first.finishReason()).isEqualTo(FinishReason.STOP);
			assertThat(first.usage()).isEqualTo(Usage.of(12, 3));
			assertThat(first.savedCost()).isEqualByComparingTo("0.000123");
			assertThat(first.cost()).isEqualByComparingTo(BigDecimal.ZERO);
			assertThat(first.providerDuration()).isEqualTo(Duration.ofMillis(1250));
			InferenceResponse second = api.infer(InferenceRequest.builder(model)
				.system("Be brief.")
				.user("Grüße \"Welt\" 😀\n")
				.assistant("Hello")
				.user("Again")
				.temperature(0)
				.topP(0.5)
				.maxTokens(10)
				.seed(7)
				.stop("END")
				.topLogprobs(2)
				.logitBias(Map.of("50256", -100.0))
				.parameter("response_format", Map.of("type", "json_object"))
				.parameter("presence_penalty", 0.25)
				.build());
			assertThat(second.text()).isEqualTo("{}");
			assertThat(second.finishReason()).isEqualTo(FinishReason.LENGTH);
		});
	}

	@ParameterizedTest
	@EnumSource
	void severalSamplesOfOneCallShareItsUsageAndCost(Home home) throws Exception {
		String model = "gpt-4o-mini";
		LibraryCache cache = new LibraryCache().answer(params(model, 3, "temperature", "1.0"), user("A number?"),
				response(model, "1", "cost", "0.00003", "usage", usage(10, 30), "generated_content",
						choice("1", "stop")),
				response(model, "2", "cost", "0.00003", "usage", usage(10, 30), "generated_content",
						choice("2", "stop")),
				response(model, "3", "cost", "0.00003", "usage", usage(10, 30), "generated_content",
						choice("3", "stop")));
		ask(home, cache, SafetyToolingOptions.DEFAULT, (api) -> {
			InferenceResponse response = api
				.infer(InferenceRequest.builder(model).user("A number?").temperature(1).n(3).build());
			assertThat(response.samples()).extracting(Sample::text).containsExactly("1", "2", "3");
			assertThat(response.usage()).isEqualTo(Usage.of(10, 30));
			assertThat(response.savedCost()).isEqualByComparingTo("0.00003");
			assertThat(api.infer(InferenceRequest.builder(model).user("A number?").temperature(1).sample(1).build())
				.text()).isEqualTo("2");
		});
	}

	private static String choice(String content, String reason) {
		return "[{\"role\":\"assistant\",\"content\":{\"finish_reason\":\"" + reason
				+ "\",\"index\":0,\"logprobs\":null,\"message\":{\"content\":\"" + content
				+ "\",\"refusal\":null,\"role\":\"assistant\",\"tool_calls\":null,\"audio\":null}}}]";
	}

	@ParameterizedTest
	@EnumSource
	void answersToTheSameQuestionAreSamplesOfIt(Home home) throws Exception {
		String model = "gpt-4o-mini";
		LibraryCache cache = new LibraryCache()
			.answer(params(model, 1), user("A number?"), response(model, "1", "api_duration", "0.5"))
			.answer(params(model, 2), user("A number?"), response(model, "2", "api_duration", "0.6"),
					response(model, "3", "api_duration", "0.7"));
		ask(home, cache, SafetyToolingOptions.DEFAULT,
				(api) -> assertThat(api.infer(InferenceRequest.builder(model).user("A number?").n(3).build()).samples())
					.extracting(Sample::text)
					.containsExactlyInAnyOrder("1", "2", "3"));
	}

	@ParameterizedTest
	@EnumSource
	void anthropic(Home home) throws Exception {
		String model = "claude-3-5-sonnet-20241022";
		LibraryCache cache = new LibraryCache()
			.answer(params(model, 1, "max_tokens", "100", "temperature", "0.7", "seed", "42"),
					"[" + message("system", "Be kind.") + "," + message("user", "Hi") + "]",
					response(model, "Hello!", "usage", usage(1000, 100), "generated_content",
							"[{\"role\":\"assistant\",\"content\":[{\"citations\":null,\"text\":\"Hello!\","
									+ "\"type\":\"text\"}]}]"))
			.answer(params(model, 1), user("No limit"), response(model, "Done"))
			.answer(params(model, 1), user("Long"), response(model, "Once", "stop_reason", "\"max_tokens\""))
			.answer(params(model, 1, "max_tokens", "4000", "thinking", "{\"type\":\"enabled\",\"budget_tokens\":2048}",
					"stop", "[\"\\n\\n\"]"), user("Think"),
					response(model, "So.", "generated_content",
							"[{\"role\":\"assistant\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"Hm\","
									+ "\"signature\":\"abc\"},{\"type\":\"text\",\"text\":\"So.\"}]}]"));
		ask(home, cache, SafetyToolingOptions.DEFAULT, (api) -> {
			InferenceResponse first = api.infer(InferenceRequest.builder(model)
				.system("Be kind.")
				.user("Hi")
				.maxTokens(100)
				.temperature(0.7)
				.build());
			assertThat(first.text()).isEqualTo("Hello!");
			assertThat(first.finishReason()).isEqualTo(FinishReason.STOP);
			assertThat(first.usage()).isEqualTo(Usage.of(1000, 100));
			// The library knows no prices of Claude: 3 and 15 dollars a million
			assertThat(first.savedCost()).isEqualByComparingTo("0.0045");
			assertThat(api.infer(InferenceRequest.builder(model).user("No limit").build()).text()).isEqualTo("Done");
			InferenceResponse cutOff = api.infer(InferenceRequest.builder(model).user("Long").maxTokens(2000).build());
			assertThat(cutOff.finishReason()).isEqualTo(FinishReason.LENGTH);
			InferenceResponse thought = api.infer(InferenceRequest.builder(model)
				.user("Think")
				.maxTokens(4000)
				.reasoning(ReasoningOptions.budget(2048))
				.stop("\n\n")
				.build());
			assertThat(thought.text()).isEqualTo("So.");
			assertThat(thought.samples().get(0).message().parts())
				.hasAtLeastOneElementOfType(ContentPart.Reasoning.class);
		});
	}

	@ParameterizedTest
	@EnumSource
	void gemini(Home home) throws Exception {
		String model = "gemini-1.5-pro-001";
		LibraryCache cache = new LibraryCache()
			.answer(params(model, 1, "max_tokens", "50", "temperature", "0.2", "unknown_kwargs", "{\"top_k\":5}"),
					"[" + message("system", "Be exact.") + "," + message("user", "Pi?") + "]",
					response(model, "3.14", "safety_ratings",
							"{\"ratings\":[{\"category\":\"HARM_CATEGORY_HARASSMENT\","
									+ "\"probability\":\"NEGLIGIBLE\"}]}",
							"recitation_retries", "0"))
			.answer(params(model, 1, "unknown_kwargs", "{\"safety_threshold\":\"few\"}"), user("e?"),
					response(model, "2.7", "stop_reason", "\"max_tokens\"", "usage", usage(4, 2)));
		ask(home, cache, SafetyToolingOptions.DEFAULT, (api) -> {
			InferenceResponse first = api.infer(InferenceRequest.builder(model)
				.system("Be exact.")
				.user("Pi?")
				.maxTokens(50)
				.temperature(0.2)
				.parameter("generationConfig", Map.of("topK", 5))
				.build());
			assertThat(first.text()).isEqualTo("3.14");
			assertThat(first.finishReason()).isEqualTo(FinishReason.STOP);
			InferenceResponse second = api.infer(InferenceRequest.builder(model)
				.user("e?")
				.parameter("safetySettings",
						List.of(setting("HATE_SPEECH"), setting("HARASSMENT"), setting("SEXUALLY_EXPLICIT"),
								setting("DANGEROUS_CONTENT")))
				.build());
			assertThat(second.finishReason()).isEqualTo(FinishReason.LENGTH);
			assertThat(second.usage()).isEqualTo(Usage.of(4, 2));
		});
	}

	private static Map<String, String> setting(String category) {
		return Map.of("category", "HARM_CATEGORY_" + category, "threshold", "BLOCK_ONLY_HIGH");
	}

	@ParameterizedTest
	@EnumSource
	void providersThatSpeakTheProtocolOfOpenAi(Home home) throws Exception {
		String together = "meta-llama/Llama-3.3-70B-Instruct-Turbo";
		LibraryCache cache = new LibraryCache()
			.answer(params("deepseek-reasoner", 2, "max_tokens", "64"), user("Why?"),
					response("deepseek-reasoner", "Because", "reasoning_content", "\"Well\"", "api_duration", "1.0",
							"usage", usage(5, 6)),
					response("deepseek-reasoner", "So", "api_duration", "2.0", "usage", usage(5, 9)))
			.answer(params(together, 1), user("Why?"),
					response(together, "Yes", "logprobs", "[{\"Y\":-0.5},{\"es\":-0.25}]"));
		ask(home, cache, new SafetyToolingOptions("", "together", null, null, false), (api) -> {
			InferenceResponse deepSeek = api
				.infer(InferenceRequest.builder("deepseek-reasoner").user("Why?").maxTokens(64).n(2).build());
			assertThat(deepSeek.samples()).extracting(Sample::text).containsExactly("Because", "So");
			assertThat(deepSeek.usage()).isEqualTo(Usage.of(10, 15));
			assertThat(deepSeek.samples().get(0).message().parts())
				.hasAtLeastOneElementOfType(ContentPart.Reasoning.class);
			Sample sample = api.infer(InferenceRequest.builder(together).provider("together").user("Why?").build())
				.samples()
				.get(0);
			assertThat(sample.text()).isEqualTo("Yes");
			assertThat(sample.logprobs()).isEqualTo(RawJson
				.of("{\"content\":[{\"token\":\"Y\",\"logprob\":-0.5},{\"token\":\"es\",\"logprob\":-0.25}]}"));
		});
	}

	@ParameterizedTest
	@EnumSource
	void completionsOfPlainText(Home home) throws Exception {
		LibraryCache cache = new LibraryCache().answer(params("davinci-002", 1, "max_tokens", "5"),
				"[" + message("none", " Once upon ") + "," + message("user", "a time\u00a0") + "]",
				response("davinci-002", " there was", "stop_reason", "\"max_tokens\""));
		ask(home, cache, SafetyToolingOptions.DEFAULT,
				(api) -> assertThat(api
					.infer(InferenceRequest.builder("davinci-002")
						.provider("base")
						.none("Once upon \n\nuser: a time")
						.maxTokens(5)
						.build())
					.text()).isEqualTo(" there was"));
	}

	@ParameterizedTest
	@EnumSource
	void moderation(Home home) throws Exception {
		String results = "{\"model_id\":\"omni-moderation-2024-09-26\",\"moderation\":{\"categories\":"
				+ "{\"hate\":false,\"self_harm_intent\":%1$s,\"violence\":false},\"category_scores\":{\"hate\":0.25,"
				+ "\"self_harm_intent\":0.5,\"violence\":0.125},\"flagged\":%1$s}}";
		LibraryCache cache = new LibraryCache().moderation("{\"texts\":[\"good\",\"bad\",\"good\"],\"moderation\":["
				+ results.formatted(false) + "," + results.formatted(true) + "," + results.formatted(false) + "]}");
		ask(home, cache, SafetyToolingOptions.DEFAULT, (api) -> {
			ModerationResponse response = api
				.moderate(ModerationRequest.builder("omni-moderation-2024-09-26").texts("bad", "good").build());
			assertThat(response.hits()).isEqualTo(2);
			assertThat(response.moderations().get(0).flagged()).isTrue();
			assertThat(response.moderations().get(0).categories()).containsEntry("self-harm/intent", true);
			assertThat(response.moderations().get(1).flagged()).isFalse();
			assertThat(response.moderations().get(1).scores()).containsEntry("self-harm/intent", 0.5);
		});
	}

	@ParameterizedTest
	@EnumSource
	void embeddingsWhoseTextsAreGiven(Home home) throws Exception {
		Path texts = this.temporary.resolve("texts.jsonl");
		Files.writeString(texts, """
				{"model":"text-embedding-3-small","texts":["a \\"b\\"\\n","ü"]}

				{"model":"text-embedding-3-large","texts":["x"],"dimensions":2}
				""");
		String small = LibraryCache
			.sha1("{\"model_id\":\"text-embedding-3-small\",\"texts\":[\"a \\\"b\\\"\\n\",\"ü\"],\"dimensions\":null}");
		String large = LibraryCache
			.sha1("{\"model_id\":\"text-embedding-3-large\",\"texts\":[\"x\"],\"dimensions\":2}");
		LibraryCache cache = new LibraryCache()
			.embeddings(small,
					"{\"model_id\":\"text-embedding-3-small\",\"embeddings\":[\"" + vector(0.5f, 1) + "\",\""
							+ vector(2, 3) + "\"],\"tokens\":6,\"cost\":0.0000002}")
			.embeddings(large, "{\"model_id\":\"text-embedding-3-large\",\"embeddings\":[\"" + vector(7, 8)
					+ "\"],\"tokens\":1,\"cost\":0.0}");
		ask(home, cache, new SafetyToolingOptions("", null, null, texts, false), (api) -> {
			EmbeddingResponse response = api
				.embed(EmbeddingRequest.builder("text-embedding-3-small").texts("ü", "a \"b\"\n").build());
			assertThat(response.hits()).isEqualTo(2);
			assertThat(response.embeddings().get(0).toArray()).containsExactly(2, 3);
			assertThat(response.embeddings().get(1).toArray()).containsExactly(0.5f, 1);
			assertThat(response.savedCost()).isEqualByComparingTo("0.0000002");
			assertThat(response.usage().inputTokens()).isEqualTo(6);
			assertThat(api.embed(EmbeddingRequest.builder("text-embedding-3-large").texts("x").dimensions(2).build())
				.hits()).isOne();
		});
	}

	private static String vector(float... values) {
		ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
		bytes.asFloatBuffer().put(values);
		return Base64.getEncoder().encodeToString(bytes.array());
	}

	@ParameterizedTest
	@EnumSource
	void entriesGoIntoANamespace(Home home) throws Exception {
		LibraryCache cache = new LibraryCache().answer(params("gpt-4o", 1), user("Hi"), response("gpt-4o", "Hello"));
		ask(home, cache, new SafetyToolingOptions("old", null, null, null, false),
				(api) -> assertThat(api
					.infer(InferenceRequest.builder("gpt-4o")
						.user("Hi")
						.cacheControl(CacheControl.DEFAULT.withNamespace("old"))
						.build())
					.text()).isEqualTo("Hello"));
	}

	private void ask(Home home, LibraryCache cache, SafetyToolingOptions options, Questions questions)
			throws Exception {
		Path library = this.temporary.resolve("library");
		String location = home.write(cache, library);
		SafetyToolingOptions inDirectory = new SafetyToolingOptions(options.namespace(), options.provider(),
				library.toString(), options.embeddingTexts(), options.storeRefusals());
		Path directory = this.temporary.resolve("llmcache");
		try (EntryCodec codec = new EntryCodec(16 * 1024 * 1024);
				SqliteCacheStore store = new SqliteCacheStore(SqliteSettings.of(directory), codec);
				EntrySource source = SafetyToolingSources.open(location, inDirectory, Clock.systemUTC())) {
			StoringSink sink = new StoringSink(store);
			source.readAll(sink);
			assertThat(sink.skipped).isEmpty();
		}
		int before = server.calls();
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(LlmCacheAutoConfiguration.class))
			.withPropertyValues("llmcache.directory=" + directory, "llmcache.retry.max-attempts=1")
			.withPropertyValues(server.provider("openai", "https://api.openai.com/v1"))
			.withPropertyValues(server.provider("anthropic", "https://api.anthropic.com/v1"))
			.withPropertyValues(server.provider("gemini", "https://generativelanguage.googleapis.com/v1beta"))
			.withPropertyValues(server.provider("deepseek", "https://api.deepseek.com"))
			.withPropertyValues(server.provider("together", "https://api.together.ai/v1"))
			.withPropertyValues(server.provider("base", "https://api.openai.com/v1"))
			.withPropertyValues("llmcache.providers.base.protocol=openai-completions")
			.run((context) -> questions.ask(context.getBean(InferenceApi.class)));
		assertThat(server.calls()).isEqualTo(before);
	}

	private interface Questions {

		void ask(InferenceApi api) throws Exception;

	}

	enum Home {

		SQLITE {
			@Override
			String write(LibraryCache cache, Path directory) throws Exception {
				cache.writeSqlite(directory);
				return directory.toString();
			}
		},

		BINS {
			@Override
			String write(LibraryCache cache, Path directory) throws Exception {
				cache.writeBins(directory);
				return directory.toString();
			}
		},

		REDIS {
			@Override
			String write(LibraryCache cache, Path directory) {
				cache.writeRedis(redis.url(), directory.toString());
				return redis.url();
			}
		};

		abstract String write(LibraryCache cache, Path directory) throws Exception;

	}

}
