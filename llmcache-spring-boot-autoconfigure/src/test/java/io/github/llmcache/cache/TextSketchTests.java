package io.github.llmcache.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TextSketch}: how well it tells which text is meant.
 */
class TextSketchTests {

	private static final int TEXTS = 20_000;

	private static final int TRIES = 50;

	private final Random random = new Random(42);

	private final List<String> words = words();

	/**
	 * Questions in a template that all have in common, and one of them with another word.
	 */
	@ParameterizedTest
	@CsvSource({ "0, 60, 0", "0, 200, 0", "0, 6000, 0", "1000, 80, 0", "3000, 80, 0", "6000, 400, 0", "1500, 80, 300" })
	void textWithOneOtherWordIsFoundAmongManyOfTheSameTemplate(int before, int question, int after) {
		String prefix = text(before);
		String suffix = text(after);
		List<String> questions = new ArrayList<>(TEXTS);
		List<byte[]> sketches = new ArrayList<>(TEXTS);
		for (int i = 0; i < TEXTS; i++) {
			questions.add(text(question));
			sketches.add(sketch(prefix + questions.get(i) + suffix));
		}
		int found = 0;
		for (int i = 0; i < TRIES; i++) {
			int meant = this.random.nextInt(TEXTS);
			byte[] changed = sketch(prefix + withOneOtherWord(questions.get(meant)) + suffix);
			int alike = TextSketch.alike(changed, sketches.get(meant));
			long others = sketches.stream().filter((sketch) -> TextSketch.alike(changed, sketch) >= alike).count() - 1;
			found += (others < NearestEntries.CANDIDATES) ? 1 : 0;
		}
		assertThat(found).isGreaterThanOrEqualTo(TRIES - 2);
	}

	@Test
	void equalTextsAreWhollyAlikeHoweverTheyAreDivided() {
		TextSketch divided = new TextSketch();
		divided.add("");
		divided.add("What is the capital ");
		divided.add("of France?");
		assertThat(divided.toBytes()).isEqualTo(sketch("What is the capital of France?"));
		assertThat(TextSketch.alike(divided.toBytes(), sketch("What is the capital of France?")))
			.isEqualTo(TextSketch.BITS);
		assertThat(TextSketch.alike(sketch(""), sketch(""))).isEqualTo(TextSketch.BITS);
	}

	@Test
	void differentTextsAreAlikeInAboutHalfOfTheBits() {
		assertThat(TextSketch.alike(sketch(text(5000)), sketch(text(5000)))).isBetween(TextSketch.BITS / 3,
				TextSketch.BITS * 2 / 3);
	}

	@Test
	void whatIsFarFromBothEndsOfALongTextMakesNoDifference() {
		String begin = text(5000);
		String end = text(5000);
		assertThat(sketch(begin + "x".repeat(100_000) + end)).isEqualTo(sketch(begin + "y".repeat(200_000) + end));
	}

	@Test
	void otherScriptsAreToldApart() {
		byte[] sketch = sketch("法国的首都是哪里？请用一句话回答。");
		assertThat(TextSketch.alike(sketch, sketch("法国的首都是哪里？请用一个词回答。")))
			.isGreaterThan(TextSketch.alike(sketch, sketch("德国有多少个联邦州？名称是什么？")));
	}

	private static byte[] sketch(String text) {
		TextSketch sketch = new TextSketch();
		sketch.add(text);
		return sketch.toBytes();
	}

	private String withOneOtherWord(String text) {
		String[] parts = text.split(" ");
		int index = this.random.nextInt(parts.length);
		parts[index] = parts[index] + "x" + word();
		return String.join(" ", parts) + " ";
	}

	private String text(int length) {
		StringBuilder text = new StringBuilder(length);
		while (text.length() < length) {
			text.append(word()).append(' ');
		}
		return text.toString();
	}

	/**
	 * Some words are much more frequent than others.
	 */
	private String word() {
		return this.words.get((int) (Math.pow(this.random.nextDouble(), 2) * this.words.size()));
	}

	private List<String> words() {
		List<String> words = new ArrayList<>();
		for (int i = 0; i < 3000; i++) {
			StringBuilder word = new StringBuilder();
			for (int length = 2 + this.random.nextInt(9); length > 0; length--) {
				word.append((char) ('a' + this.random.nextInt(26)));
			}
			words.add(word.toString());
		}
		return words;
	}

}
