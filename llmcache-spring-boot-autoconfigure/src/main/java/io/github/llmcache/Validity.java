package io.github.llmcache;

import java.util.Objects;
import java.util.function.Predicate;

/**
 * Which answers to a request are accepted, and what happens if there are too few of them.
 *
 * @param predicate accepts or rejects an answer, cached ones too. It must say the same
 * whenever it is asked, and may be asked by several threads
 * @param candidatesPerSample how many answers are made for each that is wanted, at least
 * 1
 * @param whenTooFew what happens if too few of them are accepted
 * @param maxAttempts the most times that answers are made with {@link WhenTooFew#RETRY},
 * the first included
 */
public record Validity(Predicate<? super Sample> predicate, int candidatesPerSample, WhenTooFew whenTooFew,
		int maxAttempts) {

	/** Attempts with {@link WhenTooFew#RETRY} unless said otherwise. */
	public static final int DEFAULT_MAX_ATTEMPTS = 10;

	/** All answers are valid. */
	static final Validity ALL = of((sample) -> true);

	public Validity {
		Objects.requireNonNull(predicate, "'predicate' must not be null");
		Objects.requireNonNull(whenTooFew, "'whenTooFew' must not be null");
		if (candidatesPerSample < 1) {
			throw new IllegalArgumentException("'candidatesPerSample' must be at least 1");
		}
		if (maxAttempts < 1) {
			throw new IllegalArgumentException("'maxAttempts' must be at least 1");
		}
	}

	/**
	 * Accept only some answers: one is made for each that is wanted, and more until there
	 * are enough.
	 * @param predicate accepts or rejects an answer
	 * @return the validity, with {@link WhenTooFew#RETRY} and
	 * {@link #DEFAULT_MAX_ATTEMPTS}
	 */
	public static Validity of(Predicate<? super Sample> predicate) {
		return new Validity(predicate, 1, WhenTooFew.RETRY, DEFAULT_MAX_ATTEMPTS);
	}

	/**
	 * What happens if fewer answers are accepted than are wanted.
	 */
	public enum WhenTooFew {

		/** The request fails. */
		ERROR,

		/** The response has fewer answers; with none at all the request fails. */
		CONTINUE,

		/** Answers that were rejected follow those that were accepted, if need be. */
		PAD,

		/** More answers are made, until there are enough or the attempts are used up. */
		RETRY

	}

}
