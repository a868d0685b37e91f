package io.github.llmcache.inference;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;

import io.github.llmcache.ContentPart.ToolCall;
import io.github.llmcache.ContentPart.ToolResult;
import io.github.llmcache.InferenceCancelledException;
import io.github.llmcache.ToolCallback;

/**
 * Runs tools. What goes wrong there is told to the model and to nobody else: it may be
 * about what the model wrote.
 */
final class ToolRunner {

	private final Map<String, ToolCallback.Function> functions;

	ToolRunner(List<ToolCallback> callbacks) {
		this.functions = callbacks.stream()
			.collect(Collectors.toMap((callback) -> callback.tool().name(), ToolCallback::function));
	}

	/**
	 * Run the tool that a model calls.
	 * @param call the call
	 * @return the result, which is an error if the tool failed or there is none
	 * @throws InferenceCancelledException if the current thread is interrupted, and still
	 * is, or the tool itself was cancelled while it asked a model
	 */
	ToolResult run(ToolCall call) {
		ToolCallback.Function function = this.functions.get(call.name());
		if (function == null) {
			return error(call, "Unknown tool '" + call.name() + "'");
		}
		requireNoInterruption();
		try {
			String result = function.call(call.arguments());
			return new ToolResult(call.id(), (result != null) ? result : "", false);
		}
		catch (InferenceCancelledException ex) {
			throw ex;
		}
		catch (Exception ex) {
			if (isInterruption(ex)) {
				Thread.currentThread().interrupt();
			}
			requireNoInterruption();
			return error(call, describe(ex));
		}
	}

	/**
	 * Throw an exception if the current thread is interrupted.
	 */
	static void requireNoInterruption() {
		if (Thread.currentThread().isInterrupted()) {
			throw new InferenceCancelledException("Interrupted while running the tools that a model calls", null);
		}
	}

	/**
	 * Return whether the current thread was interrupted although it does not look like it
	 * any more. An exception of a future is of another thread's interruption.
	 */
	private static boolean isInterruption(Exception exception) {
		if (exception instanceof ExecutionException || exception instanceof CompletionException) {
			return false;
		}
		return exception instanceof InterruptedException || exception.getCause() instanceof InterruptedException;
	}

	private static String describe(Exception exception) {
		String message = exception.getMessage();
		return (message != null && !message.isBlank()) ? message : exception.getClass().getName();
	}

	private static ToolResult error(ToolCall call, String message) {
		// In words as well, for protocols that have no flag for it
		return new ToolResult(call.id(), "Error: " + message, true);
	}

}
