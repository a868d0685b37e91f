package io.github.llmcache.transcript;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.inference.InferenceObserver;
import io.github.llmcache.transcript.Section.Kind;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ansi.AnsiColor;
import org.springframework.boot.ansi.AnsiElement;
import org.springframework.boot.ansi.AnsiOutput;
import org.springframework.boot.ansi.AnsiStyle;

/**
 * Prints what is asked and answered, hits included, for somebody who looks on. Whether
 * there are colours is what {@code spring.output.ansi.enabled} says. Thread-safe.
 */
public final class PromptPrinter implements InferenceObserver {

	private final PrintStream out;

	/**
	 * Create a printer.
	 * @param out where to print
	 */
	public PromptPrinter(PrintStream out) {
		this.out = out;
	}

	@Override
	public void requestEnded(InferenceRequest request, @Nullable InferenceResponse response, Duration duration) {
		if (response == null) {
			return;
		}
		List<Section> sections = Transcript.of(request, response);
		StringBuilder text = new StringBuilder();
		for (Section section : sections) {
			AnsiElement color = color(section.kind());
			text.append(AnsiOutput.toString(AnsiStyle.BOLD, color, "--- " + section.heading() + " ---"))
				.append(System.lineSeparator());
			section.text()
				.lines()
				.forEach((line) -> text.append(AnsiOutput.toString(color, line)).append(System.lineSeparator()));
		}
		// At once, so that what others print is not in between
		this.out.print(text);
		this.out.flush();
	}

	private static AnsiElement color(Kind kind) {
		return switch (kind) {
			case CALL -> AnsiColor.BRIGHT_BLACK;
			case INSTRUCTIONS -> AnsiColor.YELLOW;
			case PROMPT -> AnsiColor.CYAN;
			case TOOL -> AnsiColor.MAGENTA;
			case ANSWER -> AnsiColor.GREEN;
		};
	}

}
