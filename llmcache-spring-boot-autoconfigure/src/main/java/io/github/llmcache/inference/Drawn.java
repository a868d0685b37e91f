package io.github.llmcache.inference;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

import io.github.llmcache.SampleRange;

/**
 * The samples that there are for a request: those that were stored, and after them those
 * that the provider was asked for. Immutable.
 *
 * @param first the index of the first sample of the first part
 * @param parts the responses that hold the samples, in their order
 */
record Drawn(int first, List<Part> parts) {

	Drawn {
		parts = List.copyOf(parts);
	}

	/**
	 * Return the index after the last sample.
	 * @return the number of samples, those before the first one included
	 */
	int end() {
		int end = this.first;
		for (Part part : this.parts) {
			end += part.size();
		}
		return end;
	}

	/**
	 * Return whether samples are there and have been read.
	 * @param range the samples
	 * @return whether {@link #samples} returns them
	 */
	boolean covers(SampleRange range) {
		if (range.first() < this.first) {
			return false;
		}
		int index = this.first;
		for (Part part : this.parts) {
			if (index >= range.end()) {
				break;
			}
			index += part.size();
			if (index > range.first() && !part.isRead()) {
				return false;
			}
		}
		return index >= range.end();
	}

	/**
	 * Return which samples the provider was asked for.
	 * @return their indices
	 */
	BitSet asked() {
		BitSet asked = new BitSet();
		int index = this.first;
		for (Part part : this.parts) {
			if (part.asked()) {
				asked.set(index, index + part.size());
			}
			index += part.size();
		}
		return asked;
	}

	/**
	 * Return samples.
	 * @param range the samples, which are {@linkplain #covers covered}
	 * @param paid the indices of those that are paid for now
	 * @return the samples in their order
	 */
	List<DrawnSample> samples(SampleRange range, BitSet paid) {
		List<DrawnSample> samples = new ArrayList<>(range.count());
		int index = this.first;
		for (Part part : this.parts) {
			int from = Math.max(range.first() - index, 0);
			int to = Math.min(range.end() - index, part.size());
			for (int position = from; position < to; position++) {
				samples.add(new DrawnSample(part, position, paid.get(index + position)));
			}
			index += part.size();
		}
		return samples;
	}

	/**
	 * Return the samples of some indices.
	 * @param indices the indices of samples that the provider was asked for
	 * @return the samples in their order, paid for now
	 */
	List<DrawnSample> samples(BitSet indices) {
		List<DrawnSample> samples = new ArrayList<>(indices.cardinality());
		int index = this.first;
		for (Part part : this.parts) {
			for (int i = indices.nextSetBit(index); i >= 0 && i < index + part.size(); i = indices.nextSetBit(i + 1)) {
				samples.add(new DrawnSample(part, i - index, true));
			}
			index += part.size();
		}
		return samples;
	}

}
