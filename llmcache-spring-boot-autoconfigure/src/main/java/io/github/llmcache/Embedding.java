package io.github.llmcache;

import java.util.Arrays;

/**
 * The vector of a text. Immutable.
 */
public final class Embedding {

	private final float[] values;

	private Embedding(float[] values) {
		this.values = values;
	}

	/**
	 * Create a vector.
	 * @param values the values; at least one, all of them finite; copied
	 * @return the vector
	 * @throws IllegalArgumentException if there is no value, or one is not finite
	 */
	public static Embedding of(float... values) {
		if (values.length == 0) {
			throw new IllegalArgumentException("A vector has at least one value");
		}
		float[] copy = values.clone();
		for (float value : copy) {
			if (!Float.isFinite(value)) {
				throw new IllegalArgumentException("A vector has finite values only");
			}
		}
		return new Embedding(copy);
	}

	/**
	 * Return how many values there are.
	 * @return the number of dimensions
	 */
	public int dimensions() {
		return this.values.length;
	}

	/**
	 * Return one value.
	 * @param dimension the dimension, from 0
	 * @return the value, bit for bit as the provider sent it
	 * @throws IndexOutOfBoundsException if there is no such dimension
	 */
	public float value(int dimension) {
		return this.values[dimension];
	}

	/**
	 * Return the values.
	 * @return a copy of the values
	 */
	public float[] toArray() {
		return this.values.clone();
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof Embedding embedding && Arrays.equals(this.values, embedding.values);
	}

	@Override
	public int hashCode() {
		return Arrays.hashCode(this.values);
	}

	/**
	 * Describe the vector without its values.
	 */
	@Override
	public String toString() {
		return "Embedding[" + this.values.length + " dimensions]";
	}

}
