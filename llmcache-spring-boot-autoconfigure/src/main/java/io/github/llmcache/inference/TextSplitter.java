package io.github.llmcache.inference;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.github.llmcache.provider.TextLimits;
import org.jspecify.annotations.Nullable;

/**
 * Splits texts into calls that keep within the limits of the provider.
 *
 * @param texts the most texts of a call
 * @param bytes the most bytes of the texts of a call
 */
record TextSplitter(int texts, long bytes) {

	/**
	 * Create a splitter.
	 * @param limits the limits of the protocol
	 * @param textsPerCall the most texts of a call that the request asks for, or
	 * {@code null}
	 * @param maxResponseBytes the largest response that is accepted
	 * @return the splitter
	 */
	static TextSplitter of(TextLimits limits, @Nullable Integer textsPerCall, long maxResponseBytes) {
		long fitting = Math.max(1, maxResponseBytes / limits.answerBytes());
		long texts = Math.min(limits.texts(), fitting);
		return new TextSplitter((int) ((textsPerCall != null) ? Math.min(texts, textsPerCall) : texts), limits.bytes());
	}

	List<List<MissingText>> split(List<MissingText> missing) {
		List<List<MissingText>> calls = new ArrayList<>();
		List<MissingText> call = new ArrayList<>();
		long length = 0;
		for (MissingText text : missing) {
			long added = text.text().getBytes(StandardCharsets.UTF_8).length;
			if (!call.isEmpty() && (call.size() == this.texts || length + added > this.bytes)) {
				calls.add(call);
				call = new ArrayList<>();
				length = 0;
			}
			call.add(text);
			length += added;
		}
		if (!call.isEmpty()) {
			calls.add(call);
		}
		return calls;
	}

}
