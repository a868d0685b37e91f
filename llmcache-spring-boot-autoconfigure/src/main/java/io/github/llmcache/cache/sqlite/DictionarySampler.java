package io.github.llmcache.cache.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CompressionDictionary;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.UnreadableEntryException;
import org.jspecify.annotations.Nullable;

/**
 * Takes samples of what a file holds: responses and requests of entries that are spread
 * over all there are.
 */
final class DictionarySampler {

	private static final int ENTRIES = 250;

	/** What entries share is at their beginning. */
	private static final int MAX_LENGTH = 16 * 1024;

	private final Dictionaries dictionaries;

	private final Connection connection;

	DictionarySampler(Dictionaries dictionaries, Connection connection) {
		this.dictionaries = dictionaries;
		this.connection = connection;
	}

	Samples sample() throws SQLException {
		List<byte[]> samples = new ArrayList<>(2 * ENTRIES);
		try (PreparedStatement select = this.connection
			.prepareStatement("SELECT " + EntryReader.bounded("payload", this.dictionaries.codec()) + ", "
					+ EntryReader.bounded("request", this.dictionaries.codec()) + ", "
					+ EntryReader.bounded("key", this.dictionaries.codec()) + " FROM entry"
					+ " WHERE id >= (SELECT min(id) + (max(id) - min(id)) * ? / ? FROM entry) ORDER BY id LIMIT 1")) {
			for (int i = 0; i < ENTRIES; i++) {
				select.setInt(1, i);
				select.setInt(2, ENTRIES);
				try (ResultSet row = select.executeQuery()) {
					if (row.next()) {
						add(row.getBytes(1), row.getBytes(2), row.getBytes(3), samples);
					}
				}
			}
		}
		return new Samples(samples);
	}

	private void add(byte @Nullable [] payload, byte @Nullable [] request, byte @Nullable [] key, List<byte[]> samples)
			throws SQLException {
		if (payload == null || key == null || key.length != CacheKey.LENGTH) {
			return;
		}
		EntryCodec codec = this.dictionaries.codec();
		CompressionDictionary dictionary = this.dictionaries.find(payload, this.connection);
		try {
			// One is enough: there may be thousands, and they are much alike
			samples.add(shorten(codec.decode(CacheKey.of("", 0, key), payload, dictionary).responses().get(0).body()));
			if (request != null) {
				samples.add(shorten(codec.decompress(request, dictionary)));
			}
		}
		catch (UnreadableEntryException ex) {
			// A damaged entry is no sample
		}
	}

	private static byte[] shorten(byte[] sample) {
		return (sample.length > MAX_LENGTH) ? Arrays.copyOf(sample, MAX_LENGTH) : sample;
	}

	/**
	 * The samples, most of which a dictionary is made from; the others tell whether it is
	 * any good.
	 */
	record Samples(List<byte[]> all) {

		private static final int EXAMS = 5;

		/** By how much a new dictionary has to be better. */
		private static final double GAIN = 0.95;

		/**
		 * Make a dictionary.
		 * @param codec the codec
		 * @param current the current dictionary, or {@code null} if there is none
		 * @return the content, or {@code null} if it is not worth while
		 */
		byte @Nullable [] train(EntryCodec codec, @Nullable CompressionDictionary current) {
			List<byte[]> lessons = new ArrayList<>();
			List<byte[]> exams = new ArrayList<>();
			for (int i = 0; i < this.all.size(); i++) {
				(((i / 2) % EXAMS == 0) ? exams : lessons).add(this.all.get(i));
			}
			byte[] content = codec.trainDictionary(lessons);
			if (content == null) {
				return null;
			}
			try (CompressionDictionary trained = codec.dictionary(1, content)) {
				return (length(codec, exams, trained) < GAIN * length(codec, exams, current)) ? content : null;
			}
		}

		private static long length(EntryCodec codec, List<byte[]> samples, @Nullable CompressionDictionary dictionary) {
			return samples.stream().mapToLong((sample) -> codec.compress(sample, dictionary).length).sum();
		}

	}

}
