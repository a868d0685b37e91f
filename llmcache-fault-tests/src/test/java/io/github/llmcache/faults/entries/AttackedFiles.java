package io.github.llmcache.faults.entries;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Files of entries that others write.
 */
final class AttackedFiles implements AttackedStore {

	private static final int HUGE = 300_000_000;

	private final Path directory;

	AttackedFiles(String directory) {
		this.directory = Path.of(directory);
	}

	@Override
	public Map<String, Object> properties() {
		return Map.of("llmcache.directory", this.directory.toString());
	}

	@Override
	public StoredValue added(Runnable action) throws Exception {
		Set<Path> before = files();
		action.run();
		Set<Path> added = new HashSet<>(files());
		added.removeAll(before);
		return new Content(added.iterator().next());
	}

	private Set<Path> files() throws IOException {
		try (Stream<Path> files = Files.walk(this.directory)) {
			return files.filter((file) -> String.valueOf(file.getFileName()).matches("[0-9a-f]{64}\\.json"))
				.collect(Collectors.toSet());
		}
	}

	@Override
	public List<Attack> attacks() {
		List<Attack> attacks = new ArrayList<>();
		attacks.add(new Attack("swapped", (value, other) -> {
			byte[] own = value.read();
			value.write(other.read());
			other.write(own);
		}));
		attacks.add(new Attack("empty", (value, other) -> value.write(new byte[0])));
		attacks.add(new Attack("huge", (value, other) -> {
			try (RandomAccessFile file = new RandomAccessFile(((Content) value).file.toFile(), "rw")) {
				file.setLength(HUGE);
			}
		}));
		attacks.add(new Attack("a-device", (value, other) -> {
			Files.delete(((Content) value).file);
			Files.createSymbolicLink(((Content) value).file, Path.of("/dev/null"));
		}));
		attacks.add(text("deep", "[".repeat(100_000) + "]".repeat(100_000)));
		attacks.add(member("body", "[".repeat(100_000) + "]".repeat(100_000)));
		attacks.add(member("body", "{\"choices\":{\"0\":[]},\"usage\":7}"));
		attacks.add(member("body", "\"\""));
		attacks.add(member("body", "{\"choices\":[]},\"body\":1"));
		attacks.add(member("layout", "\"unknown\""));
		attacks.add(member("layout", "\"base64\""));
		attacks.add(member("layout", "7"));
		attacks.add(member("lineBreak", "\"yes\""));
		for (String name : new String[] { "samples", "inputTokens", "outputTokens", "costNanos", "durationMillis" }) {
			for (String number : new String[] { "-1", "9223372036854775807", "9".repeat(1_000_000), "1e1000000000",
					"1.5", "null", "\"7\"", "[]" }) {
				attacks.add(member(name, number));
			}
		}
		attacks.add(member("createdAt", "\"+1000000000-12-31T23:59:59.999999999Z\""));
		attacks.add(member("createdAt", "\"-1000000000-01-01T00:00:00Z\""));
		attacks.add(member("createdAt", "\"yesterday\""));
		attacks.add(member("finishReason", "null"));
		attacks.add(member("namespace", "[]"));
		attacks.add(member("responses", "[]"));
		attacks.add(member("responses", "[{}]"));
		attacks.add(member("responses", "[" + "[],".repeat(100_000) + "[]]"));
		attacks.add(member("key", "\"00\""));
		attacks.add(member("fingerprint", "\"zz\""));
		attacks.add(member("model", "\"another\""));
		attacks.add(member("llmcache", "9223372036854775808"));
		attacks.add(member("llmcache", "1e1000000000"));
		attacks.add(member("expiresAt", "\"+1000000000-12-31T23:59:59.999999999Z\""));
		attacks.add(member("messageHashes", "[\"0\"], \"samples\": {"));
		return attacks;
	}

	private static Attack text(String name, String text) {
		return new Attack(name, (value, other) -> value.write(text.getBytes(StandardCharsets.UTF_8)));
	}

	/**
	 * Replace the value of the last member of a name, or add one.
	 */
	private static Attack member(String name, String json) {
		String brief = name + "-" + json.substring(0, Math.min(json.length(), 12)).replaceAll("[^A-Za-z0-9+-]", "_")
				+ "-" + json.length();
		return new Attack(brief, (value, other) -> {
			String text = new String(value.read(), StandardCharsets.UTF_8);
			String member = "\"" + name + "\": ";
			int at = text.lastIndexOf(member);
			if (at < 0) {
				text = "{ " + member + json + "," + text.substring(1);
			}
			else if (name.equals("body")) {
				text = text.substring(0, at) + member + json + "}]}";
			}
			else {
				text = text.substring(0, at) + member + json + ", \"ignored\": " + text.substring(at + member.length());
			}
			value.write(text.getBytes(StandardCharsets.UTF_8));
		});
	}

	@Override
	public void damageStatistics(String model) throws Exception {
		try (Stream<Path> folders = Files.list(this.directory)) {
			Path folder = folders.filter((path) -> path.getFileName().toString().startsWith(model))
				.findFirst()
				.orElseThrow();
			Files.writeString(folder.resolve(".llmcache.statistics.json"),
					"""
							{"llmcacheStatistics":1,"model":"%s","days":{"2026-01-02":{"hits":-5,"savedNanos":-9223372036854775808},
							"2026-01-03":{"hits":9223372036854775807},"2026-01-04":{"hits":9223372036854775807}}}"""
						.formatted(model));
		}
	}

	@Override
	public void close() {
	}

	/**
	 * A file.
	 */
	private record Content(Path file) implements StoredValue {

		@Override
		public byte[] key() {
			return HexFormat.of().parseHex(this.file.getFileName().toString().substring(0, 64));
		}

		@Override
		public byte[] read() throws IOException {
			return Files.readAllBytes(this.file);
		}

		@Override
		public void write(byte[] bytes) throws IOException {
			Files.write(this.file, bytes);
		}

	}

}
