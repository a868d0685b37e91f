package io.github.llmcache.cache.redis;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Tells other processes what has been changed: entries by the fingerprints of their keys,
 * or any entry of a model, or any entry at all.
 *
 * @param sender the process that has changed it
 * @param model the model's id, or {@code null} for all models
 * @param fingerprints the fingerprints, or none for all entries
 */
record ChangeMessage(byte[] sender, @Nullable String model, Set<Long> fingerprints) {

	static final int SENDER_LENGTH = 16;

	/** More are as good as all. */
	static final int MAX_FINGERPRINTS = 1000;

	private static final byte FORMAT = 1;

	byte[] toBytes() {
		byte[] text = (this.model != null) ? RedisText.encode(this.model) : new byte[0];
		Set<Long> named = (this.fingerprints.size() <= MAX_FINGERPRINTS) ? this.fingerprints : Set.of();
		ByteBuffer buffer = ByteBuffer
			.allocate(1 + SENDER_LENGTH + 1 + text.length + Integer.BYTES + named.size() * Long.BYTES)
			.put(FORMAT)
			.put(this.sender)
			.put((byte) ((this.model != null) ? 1 : 0))
			.put(text)
			.putInt(named.size());
		named.forEach(buffer::putLong);
		return buffer.array();
	}

	/**
	 * Read a message.
	 * @param bytes the message
	 * @return the message, or {@code null} if it is anything else
	 */
	static @Nullable ChangeMessage read(byte[] bytes) {
		try {
			ByteBuffer buffer = ByteBuffer.wrap(bytes);
			if (buffer.get() != FORMAT) {
				return null;
			}
			byte[] sender = new byte[SENDER_LENGTH];
			buffer.get(sender);
			String model = (buffer.get() == 1) ? RedisText.decode(buffer) : null;
			int count = buffer.getInt();
			if (count < 0 || count > MAX_FINGERPRINTS) {
				return null;
			}
			Set<Long> fingerprints = new HashSet<>();
			for (int i = 0; i < count; i++) {
				fingerprints.add(buffer.getLong());
			}
			return new ChangeMessage(sender, model, fingerprints);
		}
		catch (BufferUnderflowException | IllegalArgumentException ex) {
			return null;
		}
	}

	boolean isFrom(byte[] sender) {
		return Arrays.equals(this.sender, sender);
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof ChangeMessage message && Arrays.equals(this.sender, message.sender)
				&& Objects.equals(this.model, message.model) && this.fingerprints.equals(message.fingerprints);
	}

	@Override
	public int hashCode() {
		return Objects.hash(Arrays.hashCode(this.sender), this.model, this.fingerprints);
	}

	@Override
	public String toString() {
		return "ChangeMessage[model=" + this.model + ", fingerprints=" + this.fingerprints.size() + "]";
	}

}
