package io.github.llmcache.faults.load;

import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Prompts of 4 KB and answers of 2 KB, of random words. What is the right answer to a
 * prompt can be told without having seen either before.
 */
final class SoakTexts {

	private static final int PROMPT = 4096;

	private static final int ANSWER = 2048;

	private static final Pattern NUMBER = Pattern.compile("question (\\d+):");

	private static final Pattern ANSWERED = Pattern.compile("^answer (\\d+) to question (\\d+):");

	private static final String[] WORDS = words();

	private SoakTexts() {
	}

	private static String[] words() {
		SplittableRandom random = new SplittableRandom(1);
		String[] words = new String[2048];
		for (int i = 0; i < words.length; i++) {
			StringBuilder word = new StringBuilder(" ");
			for (int length = random.nextInt(2, 11); length > 0; length--) {
				word.append((char) random.nextInt('a', 'z' + 1));
			}
			words[i] = word.toString();
		}
		return words;
	}

	static String prompt(long question) {
		return text("question " + question + ":", question, PROMPT);
	}

	/**
	 * Return the number of the question that a text has somewhere.
	 */
	static long question(String text) {
		Matcher matcher = NUMBER.matcher(text);
		if (!matcher.find()) {
			throw new IllegalArgumentException("There is no question");
		}
		return Long.parseLong(matcher.group(1));
	}

	/**
	 * Return one of the answers to a question.
	 * @param question the question's number
	 * @param attempt for the how manieth time it is asked
	 * @return the answer
	 */
	static String answer(long question, long attempt) {
		return text("answer " + attempt + " to question " + question + ":", -question - (attempt << 32), ANSWER);
	}

	/**
	 * Return whether a text is an answer to a question, to its last character.
	 */
	static boolean isAnswer(long question, String text) {
		Matcher matcher = ANSWERED.matcher(text);
		return matcher.find() && Long.parseLong(matcher.group(2)) == question
				&& text.equals(answer(question, Long.parseLong(matcher.group(1))));
	}

	private static String text(String start, long seed, int length) {
		SplittableRandom random = new SplittableRandom(seed);
		StringBuilder text = new StringBuilder(length + 16).append(start);
		while (text.length() < length) {
			text.append(WORDS[random.nextInt(WORDS.length)]);
		}
		return text.toString();
	}

}
