package io.github.llmcache.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import io.github.llmcache.cache.encryption.EncryptionKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ReencryptCommand}, and for other commands on encrypted caches.
 */
class ReencryptCommandTests {

	private static final String FIRST = Base64.getEncoder().encodeToString(bytes(1));

	private static final String SECOND = HexFormat.of().formatHex(bytes(2));

	@TempDir
	private Path directory;

	@TempDir
	private Path other;

	@BeforeEach
	void fill() {
		CommandRun.fill(this.directory, 100);
	}

	private static byte[] bytes(int seed) {
		byte[] bytes = new byte[EncryptionKey.LENGTH];
		for (int i = 0; i < bytes.length; i++) {
			bytes[i] = (byte) (31 * i + seed);
		}
		return bytes;
	}

	private CommandRun run(Map<String, String> environment, String... args) {
		return run(this.directory, environment, args);
	}

	private static CommandRun run(Path directory, Map<String, String> environment, String... args) {
		List<String> all = new ArrayList<>(List.of(args));
		all.addAll(List.of("--directory", directory.toString()));
		return CommandRun.of(TerminalTraits.NONE, "", environment, all.toArray(String[]::new));
	}

	private static Map<String, String> key(String key) {
		return Map.of("LLMCACHE_ENCRYPTION_KEY", key);
	}

	private static Map<String, String> keys(String key, String newKey) {
		return Map.of("LLMCACHE_ENCRYPTION_KEY", key, "LLMCACHE_ENCRYPTION_NEW_KEY", newKey);
	}

	@Test
	void encryptsWithAKeyThenWithAnotherAndThenNotAnyMore() throws IOException {
		CommandRun encrypted = run(Map.of("LLMCACHE_ENCRYPTION_NEW_KEY", FIRST), "reencrypt");
		assertThat(encrypted.exitCode()).as(encrypted.err()).isEqualTo(ExitCode.OK);
		assertThat(encrypted.out()).contains("Encrypted 100 entries with the key " + EncryptionKey.parse(FIRST).id())
			.doesNotContain(FIRST);
		assertThat(run(key(FIRST), "verify").out()).contains("All is well: 100 entries read.");
		Path file = Files.writeString(this.other.resolve("key"), SECOND + "\n");
		CommandRun again = run(key(FIRST), "reencrypt", "--new-key-file", file.toString(), "--json");
		assertThat(again.json().path("moved").intValue()).isEqualTo(100);
		assertThat(run(Map.of(), "verify", "--key-file", file.toString()).exitCode()).isEqualTo(ExitCode.OK);
		assertThat(run(key(SECOND), "reencrypt", "--decrypt").out()).contains("Decrypted 100 entries.");
		assertThat(run(Map.of(), "verify").out()).contains("All is well: 100 entries read.");
	}

	@Test
	void otherCommandsNeedTheKey() {
		run(Map.of("LLMCACHE_ENCRYPTION_NEW_KEY", FIRST), "reencrypt");
		String id = EncryptionKey.parse(FIRST).id();
		for (String command : List.of("list", "show 0123", "verify", "export -", "prune --all --yes")) {
			for (Map<String, String> environment : List.of(Map.<String, String>of(), key(SECOND))) {
				CommandRun refused = run(environment, command.split(" "));
				assertThat(refused.exitCode()).as(command).isEqualTo(ExitCode.FAILURE);
				assertThat(refused.err()).as(command).contains("is encrypted with the key " + id);
				assertThat(refused.out()).as(command).isEmpty();
			}
		}
		assertThat(run(Map.of(), "stats").out()).contains("100");
		String key = new TestCache().entry(7).key().hex();
		assertThat(run(key(FIRST), "show", key).out()).contains("What is 7 + 7?", "It is 14.");
		assertThat(run(key(FIRST), "prune", "--key", key, "--yes").out()).contains("Deleted 1 entry.");
		assertThat(run(keys(SECOND, FIRST), "reencrypt").exitCode()).isEqualTo(ExitCode.OK);
		assertThat(run(keys(FIRST, SECOND), "reencrypt").exitCode()).isEqualTo(ExitCode.OK);
		CommandRun wrong = run(keys(FIRST, FIRST), "reencrypt");
		assertThat(wrong.exitCode()).isEqualTo(ExitCode.FAILURE);
		assertThat(wrong.err()).contains(EncryptionKey.parse(SECOND).id(), "Nothing was changed");
	}

	@Test
	void exportsAreTakenFromAndToEncryptedCaches() throws IOException {
		Path exported = this.other.resolve("plain.jsonl");
		assertThat(run(Map.of(), "export", exported.toString()).exitCode()).isEqualTo(ExitCode.OK);
		Path copy = this.other.resolve("encrypted");
		assertThat(run(copy, key(FIRST), "import", exported.toString()).exitCode()).isEqualTo(ExitCode.OK);
		Path again = this.other.resolve("again.jsonl");
		assertThat(run(copy, key(FIRST), "export", again.toString()).exitCode()).isEqualTo(ExitCode.OK);
		assertThat(Files.readAllLines(again)).containsExactlyInAnyOrderElementsOf(Files.readAllLines(exported));
	}

	@Test
	void keysAreNoArguments() {
		CommandRun run = run(Map.of(), "list", "--encryption-key", FIRST);
		assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
		assertThat(run.err()).contains("a key is no argument").doesNotContain(FIRST);
		assertThat(run(key("password"), "list").exitCode()).isEqualTo(ExitCode.USAGE);
		assertThat(run(key("password"), "list").err()).contains("openssl rand -base64 32").doesNotContain("password");
		assertThat(run(Map.of(), "reencrypt").exitCode()).isEqualTo(ExitCode.USAGE);
		assertThat(run(Map.of(), "list", "--help").out()).doesNotContain("--encryption-key");
	}

}
