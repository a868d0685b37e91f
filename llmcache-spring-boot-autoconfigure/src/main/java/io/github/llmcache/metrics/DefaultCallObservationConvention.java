package io.github.llmcache.metrics;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import io.github.llmcache.InferenceParameters;
import io.github.llmcache.inference.CallDescription;
import io.github.llmcache.inference.CallObservation.CallResult;
import io.github.llmcache.metrics.LlmCacheObservation.Keys;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import org.jspecify.annotations.Nullable;

/**
 * Default {@link CallObservationConvention}.
 */
public class DefaultCallObservationConvention implements CallObservationConvention {

	/** The default name, which is that of the conventions' metric. */
	public static final String NAME = "gen_ai.client.operation.duration";

	/** Where the conventions have another name than the configuration. */
	private static final Map<String, String> PROVIDERS = Map.of("gemini", "gcp.gemini");

	private static final Map<String, String> OPERATIONS = Map.of("completions", "text_completion", "embeddings",
			"embeddings", "moderations", "moderation");

	private static final int HTTP_PORT = 80;

	private static final int HTTPS_PORT = 443;

	@Override
	public String getName() {
		return NAME;
	}

	@Override
	public String getContextualName(CallObservationContext context) {
		return operation(context.getCall()) + " " + context.getModelTag();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(CallObservationContext context) {
		CallDescription call = context.getCall();
		return KeyValues.of(Keys.OPERATION.withValue(operation(call)),
				Keys.PROVIDER.withValue(PROVIDERS.getOrDefault(call.provider(), call.provider())),
				Keys.REQUEST_MODEL.withValue(context.getModelTag()));
	}

	private static String operation(CallDescription call) {
		String path = call.operation();
		String last = path.substring(path.lastIndexOf(':') + 1);
		if (last.endsWith("mbedContents") || last.endsWith("mbedContent")) {
			return "embeddings";
		}
		return last.equals("generateContent") ? "generate_content" : OPERATIONS.getOrDefault(path, "chat");
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(CallObservationContext context) {
		CallDescription call = context.getCall();
		List<KeyValue> values = new ArrayList<>();
		URI server = call.baseUrl();
		add(values, Keys.SERVER_ADDRESS, server.getHost());
		add(values, Keys.SERVER_PORT, port(server));
		add(values, Keys.CHOICES, (call.samples() > 1) ? call.samples() : null);
		InferenceParameters parameters = call.parameters();
		add(values, Keys.MAX_TOKENS, parameters.maxTokens());
		add(values, Keys.SEED, parameters.seed());
		add(values, Keys.TEMPERATURE, parameters.temperature());
		add(values, Keys.TOP_P, parameters.topP());
		CallResult result = context.getResult();
		if (result != null) {
			addResult(values, result);
		}
		if (context.getError() != null) {
			add(values, Keys.ERROR_TYPE, LlmCacheTimers.outcome(context.getError()));
		}
		return KeyValues.of(values);
	}

	private static void addResult(List<KeyValue> values, CallResult result) {
		add(values, Keys.RESPONSE_MODEL, result.model());
		add(values, Keys.REQUEST_ID, result.requestId());
		add(values, Keys.INPUT_TOKENS, result.usage().inputTokens());
		add(values, Keys.OUTPUT_TOKENS, result.usage().outputTokens());
		add(values, Keys.CACHED_TOKENS,
				(result.usage().cachedInputTokens() > 0) ? result.usage().cachedInputTokens() : null);
		if (!result.finishReasons().isEmpty()) {
			add(values, Keys.FINISH_REASONS,
					result.finishReasons()
						.stream()
						.map((reason) -> reason.name().toLowerCase(Locale.ROOT))
						.collect(Collectors.joining(",")));
		}
	}

	private static int port(URI server) {
		if (server.getPort() != -1) {
			return server.getPort();
		}
		return "http".equalsIgnoreCase(server.getScheme()) ? HTTP_PORT : HTTPS_PORT;
	}

	private static void add(List<KeyValue> values, Keys key, @Nullable Object value) {
		if (value != null) {
			values.add(key.withValue(value.toString()));
		}
	}

}
