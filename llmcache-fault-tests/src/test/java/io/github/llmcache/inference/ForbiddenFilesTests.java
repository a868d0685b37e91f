package io.github.llmcache.inference;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.CacheStore.StoredEntry;
import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.TestEntries;
import io.github.llmcache.faults.Area;
import io.github.llmcache.faults.Survival;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What may not be read is a miss, what may only be read is a hit, and neither is moved
 * aside.
 */
class ForbiddenFilesTests {

	private static final String MODEL = "gpt-test";

	/** Of nobody, on all systems that have it. */
	private static final String OTHER_USER = "65534";

	@TempDir
	@SuppressWarnings("NullAway.Init")
	Path temp;

	private String classPath = "";

	@Test
	@EnabledIf("mayBecomeSomebodyElse")
	void filesOfAnotherUserAreMissesOrHitsAndStayWhereTheyAre() throws Exception {
		Path directory = this.temp.resolve("cache");
		try (CacheStore store = FaultyCache.sqliteStore(directory)) {
			store.putAll(List.of(TestEntries.entry(TestEntries.key(MODEL, "known"), "known")));
		}
		Path programs = Files.createDirectory(this.temp.resolve("programs"));
		open(programs, "rwxr-xr-x");
		this.classPath = copyClassPath(programs);
		Survival line = Survival.of(Area.FILES, "SQLite: read-only, and owned by another user");
		open(this.temp, "rwxr-xr-x");
		open(directory, "rwxr-xr-x");
		Path file = FaultyCache.find(directory, ".sqlite").get(0);
		byte[] before = Files.readAllBytes(file);
		// Nothing may be read
		assertThat(run(directory)).contains("get failed", "put failed").doesNotContain("moved");
		// The file may be read, and nothing be written
		open(file, "r--r--r--");
		assertThat(run(directory)).contains("get 1", "put failed").doesNotContain("get failed", "moved");
		// The file may be read, and its directory be written
		open(directory, "rwxrwxrwx");
		assertThat(run(directory)).contains("get 1", "put failed").doesNotContain("get failed", "moved");
		assertThat(Files.readAllBytes(file)).isEqualTo(before);
		try (Stream<Path> files = Files.list(directory)) {
			assertThat(files.filter((path) -> path.toString().contains("corrupt"))).isEmpty();
		}
		line.count("files", 3).record();
	}

	static boolean mayBecomeSomebodyElse() throws Exception {
		try {
			return new ProcessBuilder("setpriv", "--reuid=" + OTHER_USER, "--clear-groups", "true").start()
				.waitFor() == 0;
		}
		catch (IOException ex) {
			// There is no such program
			return false;
		}
	}

	private static void open(Path path, String permissions) throws IOException {
		Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
	}

	/**
	 * Use the cache as another user.
	 */
	private String run(Path directory) throws Exception {
		Path tmp = Files.createTempDirectory(this.temp, "tmp");
		open(tmp, "rwxrwxrwx");
		Process process = new ProcessBuilder("setpriv", "--reuid=" + OTHER_USER, "--regid=" + OTHER_USER,
				"--clear-groups", Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Djava.io.tmpdir=" + tmp, "-cp", this.classPath,
				User.class.getName(), directory.toString())
			.redirectErrorStream(true)
			.start();
		String output = new String(process.getInputStream().readAllBytes());
		assertThat(process.waitFor()).as(output).isZero();
		return output;
	}

	/**
	 * Copy what this process consists of to where others may read it.
	 */
	private static String copyClassPath(Path target) throws IOException {
		List<String> copies = new ArrayList<>();
		for (String element : System.getProperty("java.class.path").split(File.pathSeparator)) {
			Path copy = target.resolve(String.valueOf(copies.size()));
			if (Files.isDirectory(Path.of(element))) {
				FaultyCache.copy(Path.of(element), copy);
			}
			else if (Files.exists(Path.of(element))) {
				Files.copy(Path.of(element), copy);
			}
			copies.add(copy.toString());
		}
		return String.join(File.pathSeparator, copies);
	}

	/**
	 * Uses the cache.
	 */
	static final class User {

		private User() {
		}

		public static void main(String[] args) throws Exception {
			try (CacheStore store = FaultyCache.sqliteStore(Path.of(args[0]))) {
				for (int i = 0; i < 3; i++) {
					get(store);
					put(store);
				}
			}
		}

		private static void get(CacheStore store) throws Exception {
			try {
				StoredEntry found = store.get(TestEntries.key(MODEL, "known"));
				System.out.println("get " + ((found != null) ? found.read().responses().size() : "nothing"));
			}
			catch (CacheStoreException ex) {
				System.out.println("get failed: " + ex.getMessage());
			}
		}

		private static void put(CacheStore store) {
			try {
				store.putAll(List.of(TestEntries.entry(TestEntries.key(MODEL, "new"), "new")));
				System.out.println("put");
			}
			catch (CacheStoreException ex) {
				System.out.println("put failed: " + ex.getMessage());
			}
		}

	}

}
