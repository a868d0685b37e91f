package io.github.llmcache.provider;

import java.math.BigInteger;

/**
 * Shares what a call took among those that it was for.
 */
public final class Shares {

	private Shares() {
	}

	/**
	 * Share an amount in proportion to weights.
	 * @param amount the amount, not negative
	 * @param weights the weights, not negative; if all are 0, they are taken for equal
	 * @return the shares, none of them negative, in the order of the weights. They add up
	 * to the amount exactly, and none is off its exact share by one or more
	 */
	public static long[] of(long amount, long[] weights) {
		BigInteger whole = sum(weights);
		boolean equal = whole.signum() == 0;
		if (equal) {
			whole = BigInteger.valueOf(weights.length);
		}
		BigInteger divided = BigInteger.valueOf(amount);
		long[] shares = new long[weights.length];
		BigInteger reached = BigInteger.ZERO;
		long given = 0;
		for (int i = 0; i < weights.length; i++) {
			reached = reached.add(BigInteger.valueOf(equal ? 1 : weights[i]));
			long due = divided.multiply(reached).divide(whole).longValueExact();
			shares[i] = due - given;
			given = due;
		}
		return shares;
	}

	private static BigInteger sum(long[] weights) {
		BigInteger sum = BigInteger.ZERO;
		for (long weight : weights) {
			sum = sum.add(BigInteger.valueOf(weight));
		}
		return sum;
	}

}
