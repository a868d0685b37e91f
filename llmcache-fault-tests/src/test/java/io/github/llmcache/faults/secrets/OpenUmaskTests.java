package io.github.llmcache.faults.secrets;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

import io.github.llmcache.faults.Area;
import io.github.llmcache.faults.FileTree;
import io.github.llmcache.faults.Survival;
import io.github.llmcache.provider.StandInProvider;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever a process lets others do with its files, they may not read those of a cache.
 */
@DisabledOnOs(OS.WINDOWS)
class OpenUmaskTests {

	@TempDir
	Path directory;

	@ParameterizedTest
	@CsvSource({ "sqlite, 000, false", "sqlite, 022, true", "file, 000, true", "file, 022, false" })
	void onlyTheOwnerMayReadWhatIsCreated(String backend, String umask, boolean existing)
			throws IOException, InterruptedException {
		Path cache = this.directory.resolve("cache");
		if (existing) {
			Files.createDirectory(cache);
			Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxrwxrwx"));
		}
		List<String> open = new ArrayList<>();
		int files = 0;
		try (StandInProvider provider = StandInProvider.start()) {
			Process process = start(umask, "--llmcache.backend=" + backend, "--llmcache.directory=" + cache,
					"--llmcache.history.enabled=true", "--llmcache.maintenance.interval=100ms",
					"--llmcache.providers.openai.api-key=" + StandInProvider.API_KEY,
					"--llmcache.providers.openai.base-url=" + provider.baseUrl());
			try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
				await(output, "> open");
				files += look(cache, existing, open);
				process.getOutputStream().write('\n');
				process.getOutputStream().flush();
				await(output, "> closed");
			}
			finally {
				process.destroyForcibly().waitFor();
			}
			files += look(cache, existing, open);
		}
		Survival.of(Area.SECURITY, "Files of " + backend + " under umask " + umask)
			.count("files and folders", files)
			.wrong(open.size())
			.record();
		assertThat(open).isEmpty();
		assertThat(files).isGreaterThan(10);
		if (existing) {
			// A folder of somebody is his
			assertThat(permissions(cache)).isEqualTo("rwxrwxrwx");
		}
	}

	private Process start(String umask, String... arguments) throws IOException {
		List<String> command = new ArrayList<>(List.of("sh", "-c", "umask " + umask + " && exec \"$@\"", "sh",
				Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1", "-cp",
				System.getProperty("java.class.path"), CacheUser.class.getName()));
		command.addAll(List.of(arguments));
		return new ProcessBuilder(command).redirectErrorStream(true).start();
	}

	private static void await(BufferedReader output, String line) throws IOException {
		List<String> printed = new ArrayList<>();
		for (String next = output.readLine(); next != null; next = output.readLine()) {
			if (next.equals(line)) {
				return;
			}
			printed.add(next);
		}
		throw new AssertionError("The process has ended: " + printed);
	}

	private static int look(Path cache, boolean existing, List<String> open) throws IOException {
		int seen = 0;
		for (Path path : FileTree.list(cache)) {
			if ((!existing || !path.equals(cache)) && Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
				String permissions = permissions(path);
				seen++;
				if (!permissions.equals(Files.isDirectory(path) ? "rwx------" : "rw-------")) {
					open.add(permissions + " " + cache.relativize(path));
				}
			}
		}
		return seen;
	}

	private static String permissions(Path path) throws IOException {
		return PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
	}

}
