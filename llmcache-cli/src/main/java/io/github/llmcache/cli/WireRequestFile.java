package io.github.llmcache.cli;

import java.nio.charset.StandardCharsets;
import java.util.List;

import io.github.llmcache.MissExplanation;
import io.github.llmcache.cache.CacheKeyHasher;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.cache.CacheManager.CacheLookup;
import io.github.llmcache.cache.CacheRequest;
import io.github.llmcache.cache.StoredRequest;
import io.github.llmcache.cache.UnreadableEntryException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request in the provider's own form, as it is kept beside entries.
 *
 * @param model the model's id
 * @param request what is asked
 */
record WireRequestFile(String model, StoredRequest request) {

	/** Where the protocols have what is said; it only tells near entries from others. */
	private static final List<String> MESSAGES = List.of("messages", "contents", "input", "prompt");

	/**
	 * Read a request.
	 * @param json the JSON
	 * @param namespace the namespace if it names none
	 * @return the request, or {@code null} if it is in another form
	 * @throws CliException if something is missing
	 */
	static @Nullable WireRequestFile parse(String json, String namespace) {
		JsonMapper mapper = JsonMapper.builder()
			.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
			.build();
		try {
			if (!(mapper.readTree(json) instanceof ObjectNode root) || !root.has("body")) {
				return null;
			}
			if (!root.has("namespace")) {
				root.put("namespace", namespace);
			}
			return new WireRequestFile(model(root),
					StoredRequest.parse(mapper.writeValueAsString(root).getBytes(StandardCharsets.UTF_8)));
		}
		catch (UnreadableEntryException ex) {
			throw new CliException("This is no request: " + ex.getMessage());
		}
		catch (JacksonException | NumberFormatException ex) {
			// The other form says what is wrong
			return null;
		}
	}

	private static String model(ObjectNode root) {
		for (JsonNode model : List.of(root.path("model"), root.path("body").path("model"))) {
			if (model.isString()) {
				return model.stringValue();
			}
		}
		throw new CliException("This is no request: it has no 'model', by which entries are kept apart");
	}

	MissExplanation explain(CacheManager cache) {
		String messages = MESSAGES.stream().filter(this.request.body()::has).findFirst().orElse("messages");
		CacheRequest lookup = this.request.toRequest(this.model, messages, new CacheKeyHasher());
		try {
			lookup.key().fingerprint();
		}
		catch (ArithmeticException ex) {
			throw new CliException("This is no request: it holds a number whose exponent is out of range");
		}
		return cache.explain(new CacheLookup(lookup, null));
	}

}
