package io.github.llmcache.cli.safetytooling;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;

import io.github.llmcache.provider.WireJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One response as the library keeps it.
 *
 * @param json all of it
 * @param model the model
 * @param completion the text
 * @param stopReason why it has ended
 * @param usage the tokens; missing if they are not known
 * @param costNanos what it has cost in billionths of a US dollar, or {@code null} if the
 * library does not know
 * @param duration how long the call took
 */
record LibraryResponse(ObjectNode json, String model, String completion, StopReason stopReason, JsonNode usage,
		@Nullable Long costNanos, Duration duration) {

	/** More than anybody can have paid for a call. */
	private static final BigDecimal MAX_DOLLARS = BigDecimal.valueOf(1_000_000);

	private static final int NANOS_SCALE = 9;

	private static final double MAX_SECONDS = 7 * 24 * 60 * 60;

	private static final double NANOS = 1e9;

	private static final String COST = "cost";

	private static final String API_DURATION = "api_duration";

	static LibraryResponse of(JsonNode node, String askedModel) {
		if (!(node instanceof ObjectNode json)) {
			throw SourceJson.wrong("responses");
		}
		if (!SourceJson.isAbsent(json.get("audio_out"))) {
			throw new UnmappableException("it has audio, which is not in the cache but in a file");
		}
		String model = SourceJson.string(json, "model_id");
		StopReason stopReason = StopReason.of(SourceJson.requiredString(json, "stop_reason"));
		return new LibraryResponse(json, (model != null) ? model : askedModel,
				SourceJson.requiredString(json, "completion"), stopReason, json.path("usage"), costNanos(json),
				duration(json));
	}

	/**
	 * Read the dollars, which are 0 if the library does not know a price, as for all
	 * models but OpenAI's.
	 */
	static @Nullable Long costNanos(JsonNode json) {
		BigDecimal dollars = SourceJson.decimal(json, COST);
		if (dollars == null || dollars.signum() == 0) {
			return null;
		}
		if (dollars.signum() < 0 || dollars.compareTo(MAX_DOLLARS) > 0) {
			throw SourceJson.wrong(COST);
		}
		return dollars.setScale(NANOS_SCALE, RoundingMode.HALF_UP).unscaledValue().longValueExact();
	}

	private static Duration duration(JsonNode json) {
		BigDecimal seconds = WireJson.decimal(json.path(API_DURATION));
		if (seconds == null) {
			seconds = WireJson.decimal(json.path("duration"));
		}
		double value = (seconds != null) ? seconds.doubleValue() : 0;
		return (value > 0 && value <= MAX_SECONDS) ? Duration.ofNanos((long) (value * NANOS)) : Duration.ZERO;
	}

	/**
	 * Return whether another response is of the same call. The library writes to each
	 * what the whole call has used and cost, and how long it has taken.
	 */
	boolean isOfCallOf(LibraryResponse other) {
		return (this.usage.isObject() || this.json.path(API_DURATION).isNumber()) && this.usage.equals(other.usage)
				&& this.json.path(COST).equals(other.json.path(COST))
				&& this.json.path(API_DURATION).equals(other.json.path(API_DURATION));
	}

	/**
	 * Describe the response without what it says.
	 */
	@Override
	public String toString() {
		return "LibraryResponse[model=" + this.model + "]";
	}

}
