package io.github.llmcache.transcript;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import io.github.llmcache.InferenceResponse.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.ansi.AnsiOutput;
import org.springframework.boot.ansi.AnsiOutput.Enabled;

import static org.assertj.core.api.Assertions.assertThat;

class PromptPrinterTests {

	private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

	private final PromptPrinter printer = new PromptPrinter(new PrintStream(this.bytes, true, StandardCharsets.UTF_8));

	@AfterEach
	void reset() {
		AnsiOutput.setEnabled(Enabled.DETECT);
	}

	@Test
	void printsHitsToo() {
		AnsiOutput.setEnabled(Enabled.NEVER);
		this.printer.requestEnded(TestResponses.REQUEST, TestResponses.response(Source.CACHE, "A cat."), Duration.ZERO);
		assertThat(output()).startsWith("--- org/model-1 from openai, cache at 2026-11-22T10:20:30.456Z ---\n")
			.contains("--- user ---\nWhat is this?\n")
			.endsWith("--- answer, stop ---\nA cat.\n");
	}

	@Test
	void colorsEachLineIfTheApplicationWantsColors() {
		AnsiOutput.setEnabled(Enabled.ALWAYS);
		this.printer.requestEnded(TestResponses.REQUEST, TestResponses.response(Source.PROVIDER, "A cat.\nOr a dog."),
				Duration.ZERO);
		assertThat(output()).contains("\u001b[33mBe brief.\u001b[0;39m", "\u001b[32mA cat.\u001b[0;39m",
				"\u001b[32mOr a dog.\u001b[0;39m");
	}

	@Test
	void letsNobodyElseControlTheTerminal() {
		AnsiOutput.setEnabled(Enabled.NEVER);
		this.printer.requestEnded(TestResponses.REQUEST, TestResponses.response(Source.PROVIDER, "\u001b[2J\u009b2J"),
				Duration.ZERO);
		assertThat(output()).contains("\\u001b[2J\\u009b2J").doesNotContain("\u001b").doesNotContain("\u009b");
	}

	private String output() {
		return this.bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
	}

}
