package io.github.llmcache.cache;

import java.util.List;

import com.github.luben.zstd.ZstdDictTrainer;
import com.github.luben.zstd.ZstdException;
import org.jspecify.annotations.Nullable;

/**
 * What entries have in common, with which each of them becomes smaller: small JSON shares
 * its structure, and prompts their instructions. A store that uses dictionaries numbers
 * them and keeps each as long as it has entries that were written with it. Made by
 * {@link EntryCodec}. Thread-safe.
 */
public final class CompressionDictionary implements AutoCloseable {

	/** zstd's own recommendation. More gains little. */
	private static final int MAX_LENGTH = 110 * 1024;

	/**
	 * A dictionary that is larger than a part of what it was made from knows it by heart.
	 */
	private static final int SAMPLES_PER_LENGTH = 8;

	/** zstd finds nothing in less. */
	private static final int MIN_LENGTH = 1024;

	private final int number;

	private final Zstd zstd;

	CompressionDictionary(int number, byte[] content, int maxSize) {
		if (number < 1) {
			throw new IllegalArgumentException("Dictionaries are numbered from 1, not " + number);
		}
		this.number = number;
		this.zstd = new Zstd(maxSize, content);
		this.zstd.check();
	}

	/**
	 * Find out what samples have in common.
	 * @param samples the samples
	 * @return the content of a dictionary, or {@code null} if there is too little
	 */
	static byte @Nullable [] train(List<byte[]> samples) {
		int total = samples.stream().mapToInt((sample) -> sample.length).sum();
		int length = Math.min(MAX_LENGTH, total / SAMPLES_PER_LENGTH);
		if (length < MIN_LENGTH) {
			return null;
		}
		ZstdDictTrainer trainer = new ZstdDictTrainer(total, length, Zstd.LEVEL);
		samples.forEach(trainer::addSample);
		try {
			return trainer.trainSamples();
		}
		catch (ZstdException ex) {
			// There are samples that have nothing in common
			return null;
		}
	}

	/**
	 * Return the number under which a store keeps this dictionary.
	 * @return a number from 1
	 */
	public int number() {
		return this.number;
	}

	Zstd zstd() {
		return this.zstd;
	}

	/**
	 * Release the native memory. Whoever is using this dictionary can finish.
	 */
	@Override
	public void close() {
		this.zstd.close();
	}

}
