package io.github.llmcache.cli.transfer;

/**
 * How large is what is moved. Bounds the memory that it takes.
 *
 * @param maxEntrySize the most bytes that the bodies of an entry may have
 * @param maxLineLength the most bytes that a line may have
 */
public record TransferSettings(long maxEntrySize, int maxLineLength) {

	/** Escaped bodies, the request and names take less, unless names are very long. */
	private static final int GROWTH = 4;

	/** What the shortest entry takes. */
	private static final int OVERHEAD = 1024 * 1024;

	/** The largest array that every JVM has. */
	private static final int MAX_LENGTH = Integer.MAX_VALUE - 8;

	/**
	 * Create settings with lines that are long enough for the largest entry.
	 * @param maxEntrySize the most bytes that the bodies of an entry may have
	 * @return the settings
	 */
	public static TransferSettings of(long maxEntrySize) {
		return new TransferSettings(maxEntrySize, (int) Math.min(GROWTH * maxEntrySize + OVERHEAD, MAX_LENGTH));
	}

}
