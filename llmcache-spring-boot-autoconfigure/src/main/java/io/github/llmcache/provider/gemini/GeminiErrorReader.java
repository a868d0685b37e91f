package io.github.llmcache.provider.gemini;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Pattern;

import io.github.llmcache.provider.ProviderProtocol.ErrorBody;
import io.github.llmcache.provider.WireJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads errors, which have the form of all of Google's APIs.
 *
 * @see <a href="https://google.aip.dev/193">AIP-193: Errors</a>
 */
final class GeminiErrorReader {

	private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9})?s");

	private GeminiErrorReader() {
	}

	static boolean isError(JsonNode body) {
		JsonNode error = body.path("error");
		return error.isObject() && !error.isEmpty() || error.isString() && !error.stringValue().isBlank();
	}

	static ErrorBody read(JsonNode body) {
		JsonNode error = body.path("error");
		if (!error.isObject()) {
			// Not Google, but what is in front of it
			String message = WireJson.string(error);
			return new ErrorBody(null, null, (message != null) ? message : WireJson.string(body.path("message")), null);
		}
		String reason = null;
		Duration retryAfter = null;
		for (JsonNode detail : error.path("details").values()) {
			String type = WireJson.string(detail.path("@type"));
			if (type == null) {
				continue;
			}
			if (type.endsWith("/google.rpc.ErrorInfo")) {
				reason = WireJson.string(detail.path("reason"));
			}
			else if (type.endsWith("/google.rpc.RetryInfo")) {
				retryAfter = duration(WireJson.string(detail.path("retryDelay")));
			}
		}
		Long status = WireJson.count(error.path("code"));
		String code = (reason == null && status != null) ? status.toString() : reason;
		return new ErrorBody(WireJson.string(error.path("status")), code, WireJson.string(error.path("message")), null,
				retryAfter);
	}

	private static @Nullable Duration duration(@Nullable String value) {
		if (value == null || !SECONDS.matcher(value).matches()) {
			return null;
		}
		return Duration.ofNanos(new BigDecimal(value.substring(0, value.length() - 1)).movePointRight(9).longValue());
	}

}
