package io.github.llmcache.cli;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CacheStore.StoreSize;
import io.github.llmcache.cache.encryption.EncryptionKey;
import io.github.llmcache.cache.encryption.Reencryption;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Encrypts a cache with another key.
 */
@Command(name = "reencrypt",
		description = { "Encrypts every entry with another key, for the first time, or with --decrypt not any more. "
				+ "An entry is stored anew before it is deleted as it was: whoever is interrupted loses nothing, and "
				+ "begins again.", "" },
		footer = { "",
				"The cache's key is in LLMCACHE_ENCRYPTION_KEY or --key-file, the new one in "
						+ "LLMCACHE_ENCRYPTION_NEW_KEY or --new-key-file. 'openssl rand -base64 32' makes one.",
				"Where nothing was encrypted, give the new one only.",
				"Applications that are running should know both keys (llmcache.encryption.previous-keys); where "
						+ "nothing was encrypted, none should be running.",
				"", "Ends with 3 if entries could not be read: they are left as they are.", "", "Examples:",
				"  llmcache reencrypt --new-key-file key.txt",
				"  llmcache reencrypt --key-file old.txt --new-key-file new.txt --backend redis",
				"  llmcache reencrypt --key-file key.txt --decrypt" })
final class ReencryptCommand extends CacheCommand {

	@Option(names = "--new-key-file", paramLabel = "FILE",
			description = "File with the new key. Default: LLMCACHE_ENCRYPTION_NEW_KEY in the environment")
	private @Nullable Path newKeyFile;

	@Option(names = "--encryption-new-key", hidden = true, converter = SecretText.Converter.class)
	private @Nullable SecretText newKey;

	@Option(names = "--decrypt", description = "Encrypt nothing any more")
	private boolean decrypt;

	ReencryptCommand(Terminal terminal, Clock clock) {
		super(terminal, clock);
	}

	@Override
	void check() {
		if (this.decrypt && this.newKeyFile != null) {
			throw CliException.usage("--decrypt goes with no new key");
		}
		if (!this.decrypt && newKey() == null) {
			throw CliException
				.usage("Give the new key with LLMCACHE_ENCRYPTION_NEW_KEY or --new-key-file, or say " + "--decrypt");
		}
	}

	private @Nullable EncryptionKey newKey() {
		return this.decrypt ? null
				: SecretText.key(this.newKey, this.newKeyFile, "LLMCACHE_ENCRYPTION_NEW_KEY or --new-key-file");
	}

	@Override
	boolean decrypts() {
		return false;
	}

	@Override
	int run(CacheStore store) {
		EncryptionKey key = key();
		long total = store.size().stream().mapToLong(StoreSize::entries).sum();
		List<EncryptionKey> from = (key != null) ? List.of(key) : List.of();
		Reencryption.Result result;
		try (Reencryption reencryption = new Reencryption(store, from, newKey(), maxEntrySize());
				ProgressLine progress = new ProgressLine(terminal(), clock(), "Encrypting", Readable::number)) {
			result = reencryption.run((done) -> progress.update(done, total));
		}
		store.size().forEach((size) -> store.reclaim(size.model()));
		print(result);
		return (result.complete() && result.unreadable() == 0) ? ExitCode.OK : ExitCode.INCOMPLETE;
	}

	private void print(Reencryption.Result result) {
		if (json()) {
			terminal().json(result);
			return;
		}
		EncryptionKey newKey = newKey();
		terminal().print((newKey != null)
				? "Encrypted " + Readable.entries(result.moved()) + " with the key " + newKey.id() + "."
				: "Decrypted " + Readable.entries(result.moved()) + ".");
		if (result.unreadable() > 0) {
			terminal()
				.print(Style.RED, Readable.entries(result.unreadable()) + " could not be read, and stayed as they are"
						+ (result.unknownKeys().isEmpty() ? ": they are damaged, or not encrypted."
								: ", some encrypted with the key " + String.join(" and ", result.unknownKeys()) + "."));
		}
		if (!result.complete()) {
			terminal().print(Style.RED, "Applications go on writing with another key. Run it again without them.");
		}
	}

}
