package io.github.llmcache.cli;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

import io.github.llmcache.transcript.PlainText;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a command says and asks. Results go to the standard output, everything else to the
 * standard error. Text from outside cannot control the terminal. Used by one thread.
 */
final class Terminal {

	private final InputStream in;

	private final Output output;

	private final PrintStream out;

	private final PrintStream err;

	private final TerminalTraits traits;

	/**
	 * Whether the cursor is in a line that has been drawn. Also read when interrupted.
	 */
	private volatile boolean drawn;

	/**
	 * Create a terminal.
	 * @param in where answers, and what {@code -} stands for, come from
	 * @param out where results go
	 * @param err where everything else goes
	 * @param traits what somebody is looking at
	 * @param charset the characters that are shown; programs always get UTF-8
	 */
	Terminal(InputStream in, OutputStream out, OutputStream err, TerminalTraits traits, Charset charset) {
		this.in = in;
		this.output = new Output(out);
		this.out = new PrintStream(new BufferedOutputStream(this.output), false,
				traits.outputShown() ? charset : StandardCharsets.UTF_8);
		this.err = new PrintStream(err, true, charset);
		this.traits = traits;
	}

	TerminalTraits traits() {
		return this.traits;
	}

	/**
	 * Print lines of a result.
	 */
	void print(String text) {
		print(Style.PLAIN, text);
	}

	void print(Style style, String text) {
		this.out.println(styled(style, PlainText.of(text)));
	}

	/**
	 * Print a line that is made of {@linkplain #cell cells}.
	 */
	void printCells(String cells) {
		this.out.println(cells);
	}

	/**
	 * Return text as it can stand in a line, in a style if the output shows any.
	 * @param style the style
	 * @param text the text, which may be from outside
	 */
	String cell(Style style, String text) {
		return styled(style, oneLine(text));
	}

	private String styled(Style style, String plain) {
		return (this.traits.outputShown() && this.traits.coloured()) ? style.apply(plain) : plain;
	}

	/**
	 * Return text without line breaks, and without what would control a terminal.
	 */
	static String oneLine(String text) {
		return PlainText.of(text).replace('\n', ' ').replace('\t', ' ');
	}

	/**
	 * Print a result for programs.
	 * @param value a value that Jackson writes
	 */
	void json(Object value) {
		JsonMapper mapper = JsonMapper.builder()
			.enable(SerializationFeature.INDENT_OUTPUT)
			.enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
			.configure(JsonWriteFeature.ESCAPE_NON_ASCII, this.traits.outputShown())
			.build();
		this.out.println(mapper.writeValueAsString(value));
	}

	/**
	 * Say something that is no result.
	 */
	void note(String text) {
		this.err.println(PlainText.of(text));
	}

	void warn(String text) {
		this.err.println(errorStyled(Style.YELLOW, PlainText.of(text)));
	}

	/**
	 * Say in one line what went wrong.
	 */
	void error(String message) {
		this.err.println(errorStyled(Style.RED, "llmcache: ") + oneLine(withoutPasswords(message)));
	}

	/**
	 * Show where something went wrong, for those who asked.
	 */
	void stackTrace(Throwable failure) {
		failure.printStackTrace(this.err);
	}

	private String errorStyled(Style style, String plain) {
		return (this.traits.errorsShown() && this.traits.coloured()) ? style.apply(plain) : plain;
	}

	/**
	 * Messages may quote the address of a server, whose password may hold any character.
	 */
	private static String withoutPasswords(String message) {
		return message.replaceAll("(?<=://)\\S*@", "***@");
	}

	/**
	 * Draw over the current line of the standard error.
	 * @param line the line, which is not from outside
	 */
	void draw(String line) {
		this.err.print("\r" + line);
		this.err.flush();
		this.drawn = !line.isEmpty();
	}

	/**
	 * Leave the line that has been drawn, if there is one. Thread-safe.
	 */
	void leaveLine() {
		if (this.drawn) {
			this.drawn = false;
			this.err.println();
		}
	}

	/**
	 * Ask a question.
	 * @param question the question
	 * @return whether the answer is yes, which it is not if nobody can answer
	 */
	boolean confirm(String question) {
		this.out.flush();
		this.err.print(oneLine(question) + " [y/N] ");
		this.err.flush();
		try {
			String answer = new BufferedReader(new InputStreamReader(this.in, StandardCharsets.UTF_8)).readLine();
			return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Return where what {@code -} stands for comes from.
	 */
	InputStream in() {
		return this.in;
	}

	/**
	 * Return the standard output for bytes. What was printed before comes first.
	 */
	OutputStream bytes() {
		this.out.flush();
		return this.output;
	}

	PrintWriter outWriter() {
		return new PrintWriter(this.out, true);
	}

	PrintWriter errWriter() {
		return new PrintWriter(this.err, true);
	}

	/**
	 * Write out everything.
	 * @return why it could not be written, or {@code null} if it was
	 */
	@Nullable IOException flush() {
		this.out.flush();
		this.err.flush();
		return this.output.failure();
	}

}
