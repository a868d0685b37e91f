package io.github.llmcache.faults.load;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.zip.DataFormatException;

import org.HdrHistogram.Histogram;

/**
 * What a process has done and taken in some seconds.
 *
 * @param seconds when they ended, since the beginning
 * @param times by what was done how long it took in microseconds, as encoded histograms
 * @param asked how many that should have been hits were not there
 * @param wrong how many answers were not those to their questions
 * @param thrown how many calls ended with an exception
 * @param errors how many uses of the cache have failed so far
 * @param healthy whether the cache is healthy
 * @param heap bytes on the heap after everything unused was collected, 0 if it was not
 * @param resident bytes of the process in memory
 * @param threads platform threads
 * @param files open file handles
 */
record SoakSample(double seconds, Map<Kind, String> times, long asked, long wrong, long thrown, long errors,
		boolean healthy, long heap, long resident, int threads, long files) {

	static String encode(Histogram histogram) {
		ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
		int length = histogram.encodeIntoCompressedByteBuffer(buffer);
		byte[] bytes = new byte[length];
		buffer.flip().get(bytes);
		return Base64.getEncoder().encodeToString(bytes);
	}

	Histogram histogram(Kind kind) {
		try {
			return Histogram.decodeFromCompressedByteBuffer(
					ByteBuffer.wrap(Base64.getDecoder().decode(this.times.getOrDefault(kind, ""))), 0);
		}
		catch (DataFormatException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return the times of all samples together.
	 */
	static Map<Kind, Histogram> together(List<SoakSample> samples) {
		Map<Kind, Histogram> together = new EnumMap<>(Kind.class);
		for (Kind kind : Kind.values()) {
			Histogram sum = new Histogram(3);
			samples.forEach((sample) -> sum.add(sample.histogram(kind)));
			together.put(kind, sum);
		}
		return together;
	}

	/**
	 * What is done.
	 */
	enum Kind {

		/** A question that has been answered. */
		HIT,

		/** A question that has not. */
		MISS,

		/** A question that is asked again. */
		REFRESH

	}

}
