package io.github.llmcache.transcript;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.RequestRecord;
import io.github.llmcache.cache.StoredRequest;
import io.github.llmcache.cache.UnreadableEntryException;
import io.github.llmcache.transcript.Section.Kind;
import io.github.llmcache.transcript.StoredAnswers.Answer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Puts an entry into words: what was asked and what was answered, for people. What was
 * written in a form that is not known is shown as its JSON, and what is encoded, such as
 * an image, by its size. No entry is too strange: nothing is thrown.
 */
public final class StoredTranscript {

	/** The members of requests that say something, whatever the protocol. */
	private static final List<String> SAYING = List.of("instructions", "system", "systemInstruction",
			"system_instruction", "messages", "contents", "input", "prompt");

	/** More than any provider has. */
	private static final int MOST_PARAMETERS = 200;

	private final Sections sections = new Sections();

	private final WireMessages messages = new WireMessages(this.sections);

	private StoredTranscript() {
	}

	/**
	 * Put an entry into words.
	 * @param entry the entry, with its {@linkplain CacheEntry#request() request} if that
	 * is to be shown
	 * @return what was asked, and then for each response about it and what it answers.
	 * Nothing in there controls a terminal; it may hold markup
	 */
	public static List<Section> of(CacheEntry entry) {
		StoredTranscript transcript = new StoredTranscript();
		transcript.request(entry);
		transcript.responses(entry.responses());
		return transcript.sections.toList();
	}

	private void request(CacheEntry entry) {
		String model = entry.key().model();
		RequestRecord record = entry.request();
		if (record == null) {
			this.sections.add(Kind.CALL, model, "The request is not stored.");
			return;
		}
		try {
			request(model, StoredRequest.parse(record.json()));
		}
		catch (UnreadableEntryException ex) {
			this.sections.add(Kind.CALL, model, "The request cannot be read.");
			this.sections.add(Kind.PROMPT, "request", new String(record.json(), StandardCharsets.UTF_8));
		}
	}

	private void request(String model, StoredRequest request) {
		Members body = new Members(request.body());
		Map<String, JsonNode> said = new LinkedHashMap<>();
		SAYING.forEach((name) -> {
			JsonNode value = body.any(name);
			if (value != null && !value.isNull()) {
				said.put(name, value);
			}
		});
		String heading = "%s at %s, %s".formatted(model, request.endpoint(), request.operation());
		this.sections.add(Kind.CALL, heading, parameters(model, request.namespace(), body));
		if (said.isEmpty()) {
			this.sections.add(Kind.PROMPT, "request", WireText.indented(request.body()));
		}
		said.forEach(this::say);
	}

	private void say(String name, JsonNode value) {
		switch (name) {
			case "instructions" -> this.messages.instructions(name, value);
			case "system", "systemInstruction", "system_instruction" -> this.messages.instructions("system", value);
			case "messages", "contents" -> this.messages.add("user", value);
			default -> this.messages.add(name, value);
		}
	}

	private static String parameters(String model, String namespace, Members body) {
		List<String> lines = new ArrayList<>();
		if (!namespace.isEmpty()) {
			lines.add("namespace: " + namespace);
		}
		Map<String, JsonNode> rest = body.rest();
		JsonNode named = rest.get("model");
		if (named != null && named.isString() && named.stringValue().equals(model)) {
			rest.remove("model");
		}
		addLines(lines, rest);
		return String.join("\n", lines);
	}

	private static void addLines(List<String> lines, Map<String, JsonNode> members) {
		members.entrySet()
			.stream()
			.limit(MOST_PARAMETERS)
			.forEach((member) -> lines.add(member.getKey() + ": " + line(member.getKey(), member.getValue())));
		if (members.size() > MOST_PARAMETERS) {
			lines.add((members.size() - MOST_PARAMETERS) + " more");
		}
	}

	private static String line(String name, JsonNode value) {
		String tools = name.equals("tools") ? toolNames(value) : null;
		return (tools != null) ? tools : WireText.line(value);
	}

	private static @Nullable String toolNames(JsonNode tools) {
		List<String> names = new ArrayList<>();
		for (JsonNode tool : tools) {
			JsonNode declarations = tool.path("functionDeclarations");
			if (declarations.isArray()) {
				declarations.forEach((declaration) -> names.add(name(declaration)));
			}
			else {
				names.add(name(tool.has("function") ? tool.path("function") : tool));
			}
		}
		return (names.isEmpty() || names.contains("")) ? null : String.join(", ", names);
	}

	private static String name(JsonNode tool) {
		JsonNode name = tool.path("name");
		return name.isString() ? name.stringValue() : "";
	}

	private void responses(List<CachedResponse> responses) {
		List<StoredAnswers> answers = responses.stream().map(StoredAnswers::read).toList();
		boolean numbered = isNumbered(responses, answers);
		int sample = 0;
		for (int i = 0; i < responses.size(); i++) {
			String number = (responses.size() > 1) ? " " + (i + 1) + " of " + responses.size() : "";
			response(number, responses.get(i), answers.get(i));
			for (Answer answer : answers.get(i).answers()) {
				String heading = numbered ? "answer " + sample++ : "answer";
				String reason = answer.finishReason();
				this.sections.add(Kind.ANSWER,
						(reason != null) ? heading + ", " + reason.toLowerCase(Locale.ROOT) : heading, answer.text());
			}
		}
	}

	/**
	 * Only if no response holds a choice that was not worth keeping, the numbers are
	 * those of the samples.
	 */
	private static boolean isNumbered(List<CachedResponse> responses, List<StoredAnswers> answers) {
		int samples = 0;
		for (int i = 0; i < responses.size(); i++) {
			if (answers.get(i).answers().size() != responses.get(i).samples()) {
				return false;
			}
			samples += responses.get(i).samples();
		}
		return samples > 1;
	}

	private void response(String number, CachedResponse response, StoredAnswers answers) {
		List<String> lines = new ArrayList<>();
		lines.add(
				String.format(Locale.ROOT, "tokens: %,d in, %,d out", response.inputTokens(), response.outputTokens()));
		lines.add("cost: " + dollars(response.costNanos()));
		lines.add("time at the provider: " + PartTexts.seconds(response.duration()));
		if (response.requestId() != null) {
			lines.add("request id: " + response.requestId());
		}
		addLines(lines, answers.rest());
		this.sections.add(Kind.CALL, "response" + number + " of " + response.createdAt(),
				lines.stream().collect(Collectors.joining("\n")));
	}

	private static String dollars(@Nullable Long costNanos) {
		return (costNanos != null) ? "$" + BigDecimal.valueOf(costNanos, 9).stripTrailingZeros().toPlainString()
				: "unknown";
	}

}
