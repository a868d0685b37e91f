package io.github.llmcache.benchmarks.workload;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * Makes texts of ASCII letters, digits, spaces and punctuation. The same seed gives the
 * same text, and no two seeds give equal ones.
 */
public enum Texts {

	/**
	 * Words of an invented language, some frequent and most rare, in which phrases come
	 * back as they do in documents, prompts and code: zstd makes prompts 4 to 6 times
	 * smaller.
	 */
	ENGLISH {

		@Override
		void fill(byte[] text, int from, SplittableRandom random) {
			int position = from;
			while (position < text.length) {
				boolean repeat = position > MAX_PHRASE && random.nextInt(1000) < REPEATED_PER_MILLE;
				int length = repeat ? repeat(text, position, random) : write(text, position, random);
				position += length;
			}
		}

	},

	/** One sentence again and again. */
	REPETITIVE {

		@Override
		void fill(byte[] text, int from, SplittableRandom random) {
			for (int i = from; i < text.length; i += SENTENCE.length) {
				System.arraycopy(SENTENCE, 0, text, i, Math.min(SENTENCE.length, text.length - i));
			}
		}

	};

	private static final byte[] SENTENCE = ascii("The quick brown fox jumps over the lazy dog and runs away. ");

	private static final int WORDS = 5000;

	private static final int MAX_PHRASE = 90;

	private static final int MIN_PHRASE = 30;

	private static final int WORDS_PER_PHRASE = 8;

	private static final int REPEATED_PER_MILLE = 760;

	private static final int DRAW_BITS = 16;

	private static final int WORDS_PER_LONG = Long.SIZE / DRAW_BITS;

	private static final byte[][] DRAWS = draws();

	/**
	 * Make a text.
	 * @param seed what decides the text
	 * @param length its length
	 * @return the text
	 */
	public String text(long seed, int length) {
		byte[] text = new byte[length];
		byte[] head = ascii("Case " + seed + ": ");
		System.arraycopy(head, 0, text, 0, Math.min(head.length, length));
		fill(text, Math.min(head.length, length), new SplittableRandom(seed));
		return new String(text, StandardCharsets.ISO_8859_1);
	}

	abstract void fill(byte[] text, int from, SplittableRandom random);

	private static int repeat(byte[] text, int position, SplittableRandom random) {
		int length = Math.min(random.nextInt(MIN_PHRASE, MAX_PHRASE), text.length - position);
		int source = random.nextInt(position - MAX_PHRASE + 1);
		System.arraycopy(text, source, text, position, length);
		return length;
	}

	private static int write(byte[] text, int position, SplittableRandom random) {
		int end = position;
		for (int i = 0; i < WORDS_PER_PHRASE; i += WORDS_PER_LONG) {
			long chances = random.nextLong();
			for (int j = 0; j < WORDS_PER_LONG && end < text.length; j++) {
				byte[] word = DRAWS[(int) (chances >>> (j * DRAW_BITS)) & (DRAWS.length - 1)];
				int length = Math.min(word.length, text.length - end);
				System.arraycopy(word, 0, text, end, length);
				end += length;
			}
		}
		return end - position;
	}

	/**
	 * Return the words as often as they are to be drawn: the first ones more often.
	 */
	private static byte[][] draws() {
		byte[][] dictionary = dictionary();
		byte[][] draws = new byte[1 << DRAW_BITS][];
		for (int i = 0; i < draws.length; i++) {
			double chance = (double) i / draws.length;
			draws[i] = dictionary[(int) (WORDS * chance * chance * chance)];
		}
		return draws;
	}

	private static byte[][] dictionary() {
		String[] beginnings = { "b", "c", "d", "f", "g", "h", "l", "m", "n", "p", "r", "s", "t", "w", "st", "tr", "th",
				"pr", "ch", "" };
		String[] middles = { "a", "e", "i", "o", "u", "ea", "ou", "io" };
		String[] ends = { "", "", "n", "r", "s", "t", "d", "l", "ng", "st" };
		SplittableRandom random = new SplittableRandom(1);
		byte[][] words = new byte[WORDS][];
		for (int i = 0; i < WORDS; i++) {
			StringBuilder word = new StringBuilder();
			// Frequent words are short
			int syllables = (i < WORDS / 20) ? 1 : random.nextInt(1, 4);
			for (int j = 0; j < syllables; j++) {
				word.append(beginnings[random.nextInt(beginnings.length)])
					.append(middles[random.nextInt(middles.length)])
					.append(ends[random.nextInt(ends.length)]);
			}
			word.append((random.nextInt(12) == 0) ? ", " : (random.nextInt(14) == 0) ? ". " : " ");
			words[i] = ascii(word.toString());
		}
		return words;
	}

	private static byte[] ascii(String string) {
		return string.getBytes(StandardCharsets.US_ASCII);
	}

}
