package io.github.llmcache.faults.entries;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;

import io.github.llmcache.testsupport.RedisServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;

/**
 * A Redis that others write to.
 */
final class AttackedRedis implements AttackedStore {

	private static final int KEY_LENGTH = 43;

	private final int port;

	private final RedisClient client;

	private final RedisCommands<byte[], byte[]> commands;

	AttackedRedis(int port) {
		this.port = port;
		this.client = RedisClient.create("redis://" + RedisServer.HOST + ":" + port);
		this.commands = this.client.connect(ByteArrayCodec.INSTANCE).sync();
	}

	@Override
	public Map<String, Object> properties() {
		return Map.of("spring.data.redis.host", RedisServer.HOST, "spring.data.redis.port", this.port);
	}

	@Override
	public StoredValue added(Runnable action) {
		Set<String> before = names();
		action.run();
		Set<String> added = new HashSet<>(names());
		added.removeAll(before);
		return new Value(added.iterator().next());
	}

	private Set<String> names() {
		Set<String> names = new HashSet<>();
		this.commands.keys("llmcache:*:e").forEach((name) -> names.add(new String(name, StandardCharsets.US_ASCII)));
		return names;
	}

	@Override
	public List<Attack> attacks() {
		List<Attack> attacks = new ArrayList<>();
		attacks.add(new Attack("swapped", (value, other) -> {
			byte[] own = value.read();
			value.write(other.read());
			other.write(own);
		}));
		attacks.add(new Attack("swapped-parts", (value, other) -> {
			byte[] own = value.read();
			byte[] others = other.read();
			value.write(join(own, part(own), others, part(others)));
			other.write(join(others, part(others), own, part(own)));
		}));
		for (Payloads.Named named : Payloads.all()) {
			attacks.add(new Attack(named.name(), (value, other) -> {
				byte[] own = value.read();
				byte[] payload = named.payload().toBytes(value.key());
				CRC32C checksum = new CRC32C();
				byte[] length = ByteBuffer.allocate(Integer.BYTES).putInt(payload.length).array();
				checksum.update(length);
				byte[] part = ByteBuffer.allocate(2 * Integer.BYTES + payload.length)
					.put(length)
					.putInt((int) checksum.getValue())
					.put(payload)
					.array();
				value.write(join(own, part(own), part, 0));
			}));
		}
		attacks.add(new Attack("a-list", (value, other) -> {
			byte[] name = ((Value) value).bytes();
			this.commands.del(name);
			this.commands.rpush(name, new byte[1]);
		}));
		attacks.add(new Attack("empty", (value, other) -> value.write(new byte[] { 0 })));
		attacks.add(new Attack("counts", (value, other) -> {
			byte[] own = value.read();
			ByteBuffer.wrap(own)
				.position(3)
				.putInt(-1)
				.putLong(Long.MIN_VALUE)
				.putLong(Long.MAX_VALUE)
				.putLong(-1)
				.putLong(Long.MIN_VALUE)
				.putInt(Integer.MIN_VALUE)
				.putLong(Long.MAX_VALUE);
			value.write(own);
		}));
		return attacks;
	}

	/**
	 * Return where the only part of an entry begins: with how long the rest is.
	 */
	private static int part(byte[] value) {
		ByteBuffer buffer = ByteBuffer.wrap(value);
		for (int at = 0; at < value.length - 2 * Integer.BYTES; at++) {
			if (buffer.getInt(at) == value.length - at - 2 * Integer.BYTES) {
				return at;
			}
		}
		throw new IllegalStateException("There is no part");
	}

	private static byte[] join(byte[] head, int end, byte[] part, int from) {
		return ByteBuffer.allocate(end + part.length - from)
			.put(head, 0, end)
			.put(part, from, part.length - from)
			.array();
	}

	@Override
	public void damageStatistics(String model) {
		for (byte[] name : this.commands.keys("llmcache:*:s")) {
			for (String value : new String[] { "-5", "9223372036854775807", "99999999999999999999", "x" }) {
				this.commands.hset(name,
						("2026-01-0" + value.length() % 9 + ":hits").getBytes(StandardCharsets.US_ASCII),
						value.getBytes(StandardCharsets.US_ASCII));
			}
		}
	}

	@Override
	public void close() {
		this.client.shutdown();
	}

	/**
	 * A string.
	 */
	private final class Value implements StoredValue {

		private final String name;

		private Value(String name) {
			this.name = name;
		}

		private byte[] bytes() {
			return this.name.getBytes(StandardCharsets.US_ASCII);
		}

		@Override
		public byte[] key() {
			int end = this.name.length() - "}:e".length();
			return Base64.getUrlDecoder().decode(this.name.substring(end - KEY_LENGTH, end));
		}

		@Override
		public byte[] read() {
			return AttackedRedis.this.commands.get(bytes());
		}

		@Override
		public void write(byte[] bytes) {
			AttackedRedis.this.commands.set(bytes(), bytes);
		}

	}

}
