package io.github.llmcache.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TerminalTests {

	private final ByteArrayOutputStream out = new ByteArrayOutputStream();

	private final ByteArrayOutputStream err = new ByteArrayOutputStream();

	private Terminal terminal(TerminalTraits traits) {
		return new Terminal(InputStream.nullInputStream(), this.out, this.err, traits, StandardCharsets.UTF_8);
	}

	private String out(Terminal terminal) {
		assertThat(terminal.flush()).isNull();
		return this.out.toString(StandardCharsets.UTF_8);
	}

	@Test
	void showsColoursOnlyWhereTheyAreSeen() {
		Terminal coloured = terminal(new TerminalTraits(true, true, false, true, 80));
		coloured.print(Style.RED, "red");
		coloured.error("wrong");
		assertThat(out(coloured)).isEqualTo("\u001b[31mred\u001b[0m" + System.lineSeparator());
		assertThat(this.err.toString(StandardCharsets.UTF_8)).isEqualTo("llmcache: wrong" + System.lineSeparator());
		this.out.reset();
		Terminal plain = terminal(new TerminalTraits(true, true, true, false, 80));
		plain.print(Style.RED, "red");
		assertThat(out(plain)).isEqualTo("red" + System.lineSeparator());
	}

	@Test
	void errorsAreOneLineWithoutPasswords() {
		terminal(TerminalTraits.NONE)
			.error("no\nconnection to redis://user:p\u001b@/ss@host:1/0 and rediss://:secret@[::1]:2");
		assertThat(this.err.toString(StandardCharsets.UTF_8)).isEqualTo(
				"llmcache: no connection to redis://***@host:1/0 and rediss://***@[::1]:2" + System.lineSeparator());
	}

	@Test
	void remembersWhyItCouldNotWrite() {
		Terminal terminal = new Terminal(InputStream.nullInputStream(), new OutputStream() {

			@Override
			public void write(int value) throws IOException {
				throw new IOException("No space left on device");
			}

		}, this.err, TerminalTraits.NONE, StandardCharsets.UTF_8);
		terminal.print("text");
		assertThat(terminal.flush()).hasMessage("No space left on device");
	}

	@Test
	void jsonOnATerminalIsPlain() {
		Terminal terminal = terminal(new TerminalTraits(true, true, true, false, 80));
		terminal.json(Map.of("text", "\u009b\u202e\u001b"));
		assertThat(out(terminal)).contains("\\u009B\\u202E\\u001B");
		this.out.reset();
		Terminal program = terminal(TerminalTraits.NONE);
		program.json(Map.of("text", "ä"));
		assertThat(out(program)).contains("ä");
	}

	@Test
	void tableFitsTheTerminal() {
		Terminal terminal = terminal(new TerminalTraits(true, true, true, false, 40));
		Table.of("NAME", ">NUMBER", "TEXT")
			.row("a".repeat(30), "1,234", "b\n\u001b[1m")
			.row("c", "5", "d".repeat(30))
			.print(terminal);
		assertThat(out(terminal).lines()).containsExactly("NAME             NUMBER  TEXT",
				"aaaaaaaaaaaaaa…   1,234  b \\u001b[1m", "c                     5  dddddddddddddd…");
	}

	@Test
	void tableForProgramsIsWhole() {
		Terminal terminal = terminal(TerminalTraits.NONE);
		Table.of("NAME", ">NUMBER").row("a".repeat(300), "1").row("\ud83d\ude00", "2").print(terminal);
		assertThat(out(terminal)).contains("a".repeat(300) + "       1")
			.contains("\ud83d\ude00" + " ".repeat(299) + "       2");
	}

}
