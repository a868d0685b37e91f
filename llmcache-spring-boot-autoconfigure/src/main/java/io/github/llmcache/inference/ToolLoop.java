package io.github.llmcache.inference;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import io.github.llmcache.ChatMessage;
import io.github.llmcache.ContentPart;
import io.github.llmcache.ContentPart.Text;
import io.github.llmcache.ContentPart.ToolCall;
import io.github.llmcache.ContentPart.ToolResult;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResponse.Source;
import io.github.llmcache.Role;
import io.github.llmcache.Tool;
import io.github.llmcache.ToolCallback;
import io.github.llmcache.ToolChoice;
import io.github.llmcache.ToolTurnsExceededException;
import io.github.llmcache.ToolUse;
import org.jspecify.annotations.Nullable;

/**
 * Answers one request with tools that are run: asks the model, runs what it calls, and
 * asks again with the results until it calls nothing more. Each turn is a request of its
 * own, with an entry of its own. Used by one thread.
 */
final class ToolLoop {

	private final InferenceRequest request;

	private final ToolUse toolUse;

	private final Function<InferenceRequest, InferenceResponse> turns;

	private final ToolRunner runner;

	private final ToolCallIds ids;

	private final List<ChatMessage> exchange = new ArrayList<>();

	/**
	 * Create an instance.
	 * @param request the request
	 * @param toolUse its tools
	 * @param turns answers the requests of the turns
	 */
	ToolLoop(InferenceRequest request, ToolUse toolUse, Function<InferenceRequest, InferenceResponse> turns) {
		this.request = request;
		this.toolUse = toolUse;
		this.turns = turns;
		this.runner = new ToolRunner(toolUse.callbacks());
		this.ids = new ToolCallIds(request.prompt());
	}

	/**
	 * Answer the request.
	 * @return the model's last answer, with the exchange before it and the sums of all
	 * turns
	 * @throws ToolTurnsExceededException if the model does not stop calling tools
	 */
	InferenceResponse run() {
		InferenceResponse response = this.turns.apply(nextTurn());
		for (int turn = 1; isToBeContinued(response); turn++) {
			if (turn == this.toolUse.maxTurns()) {
				throw new ToolTurnsExceededException(turn);
			}
			runTools(response.message());
			ToolRunner.requireNoInterruption();
			response = followedBy(response, this.turns.apply(nextTurn()));
		}
		return response;
	}

	/**
	 * Return the request of the next turn: the first one, until the model has answered.
	 */
	InferenceRequest nextTurn() {
		InferenceRequest.Builder builder = this.request.toBuilder().tools(tools());
		this.exchange.forEach(builder::message);
		ToolChoice toolChoice = this.request.parameters().toolChoice();
		if (toolChoice != null && toolChoice.mode() != ToolChoice.Mode.NONE && !this.exchange.isEmpty()) {
			// A model that always has to call a tool would never answer
			builder.toolChoice(ToolChoice.AUTO);
		}
		return builder.toolUse(null).build();
	}

	private Tool[] tools() {
		return Stream.concat(plainTools().stream(), this.toolUse.callbacks().stream().map(ToolCallback::tool))
			.toArray(Tool[]::new);
	}

	private List<Tool> plainTools() {
		List<Tool> tools = this.request.parameters().tools();
		return (tools != null) ? tools : List.of();
	}

	/**
	 * Return whether all that the model calls is run here. Calls that are left to the
	 * caller cannot be answered, and those beside them are not either: nothing runs
	 * twice, and what was cut off does not run at all.
	 */
	private boolean isToBeContinued(InferenceResponse response) {
		boolean complete = switch (response.finishReason()) {
			case TOOL_CALLS, STOP, OTHER -> true;
			default -> false;
		};
		List<ToolCall> calls = response.message().toolCalls();
		return complete && !calls.isEmpty() && calls.stream().noneMatch(this::isLeftToTheCaller);
	}

	private boolean isLeftToTheCaller(ToolCall call) {
		return plainTools().stream().anyMatch((tool) -> tool.name().equals(call.name()));
	}

	private void runTools(ChatMessage message) {
		ChatMessage asked = new ChatMessage(Role.ASSISTANT, echo(message), message.name());
		// One message, because a protocol may want the results of a turn together
		List<ToolResult> results = asked.toolCalls().stream().map(this.runner::run).toList();
		this.exchange.add(asked);
		this.exchange.add(ChatMessage.of(Role.TOOL, results.toArray(ContentPart[]::new)));
	}

	private List<ContentPart> echo(ChatMessage message) {
		List<ContentPart> parts = new ArrayList<>(message.parts().size());
		for (ContentPart part : message.parts()) {
			if (part instanceof ToolCall call) {
				parts.add(this.ids.distinct(call));
			}
			// Anthropic answers blank text before a call, but does not accept it
			else if (!(part instanceof Text text && text.text().isBlank())) {
				parts.add(part);
			}
		}
		return parts;
	}

	private InferenceResponse followedBy(InferenceResponse before, InferenceResponse last) {
		return new InferenceResponse(last.provider(), last.model(), source(before.source(), last.source()),
				last.samples(), before.usage().plus(last.usage()), sum(before.cost(), last.cost()),
				sum(before.savedCost(), last.savedCost()), last.body(), last.requestId(), last.createdAt(),
				before.duration().plus(last.duration()), before.providerDuration().plus(last.providerDuration()),
				this.exchange);
	}

	private static Source source(Source before, Source last) {
		if (before == Source.PROVIDER || last == Source.PROVIDER) {
			return Source.PROVIDER;
		}
		return (before == last) ? last : Source.COALESCED;
	}

	private static @Nullable BigDecimal sum(@Nullable BigDecimal before, @Nullable BigDecimal last) {
		return (before != null && last != null) ? before.add(last) : null;
	}

}
