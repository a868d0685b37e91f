package io.github.llmcache.inference;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResponse.Source;
import io.github.llmcache.cache.CacheHealth;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.file.FileCacheStore;
import io.github.llmcache.cache.file.FileSettings;
import io.github.llmcache.cache.sqlite.SqliteCacheStore;
import io.github.llmcache.cache.sqlite.SqliteSettings;
import io.github.llmcache.faults.FileTree;
import io.github.llmcache.faults.Survival;
import io.github.llmcache.provider.Reply;
import io.github.llmcache.provider.StandInProvider.ReceivedRequest;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A cache to be damaged, behind the API and in front of a provider that never answers the
 * same twice, and all that its callers were told: what is lost, wrong or thrown is
 * counted.
 */
final class FaultyCache implements AutoCloseable {

	/** What takes longer will never come. */
	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private final Path directory;

	private final Path backup;

	private final InferenceFixture fixture;

	private final Map<String, Integer> calls = new ConcurrentHashMap<>();

	private final Map<String, String> stored = new HashMap<>();

	/** What the provider has answered since the files were damaged. */
	private final Map<String, Set<String>> since = new HashMap<>();

	private final AtomicLong fresh = new AtomicLong();

	private final Map<String, Set<String>> said = new HashMap<>();

	private final List<String> more = new ArrayList<>();

	private long lost;

	private long answered;

	private long hits;

	private final List<String> wrong = new ArrayList<>();

	private final List<Throwable> thrown = new ArrayList<>();

	private FaultyCache(Path directory, Path backup, Function<Path, CacheStore> stores) {
		this.directory = directory;
		this.backup = backup;
		this.fixture = new InferenceFixture(directory, UnaryOperator.identity(), 1, stores);
		this.fixture.standIn.answer(this::answer);
	}

	static FaultyCache sqlite(Path temp) {
		return new FaultyCache(temp.resolve("cache"), temp.resolve("backup"), FaultyCache::sqliteStore);
	}

	static CacheStore sqliteStore(Path directory) {
		SqliteSettings defaults = SqliteSettings.of(directory);
		return new SqliteCacheStore(new SqliteSettings(directory, defaults.synchronous(), Duration.ofSeconds(2),
				defaults.readers(), 0, 64, true), new EntryCodec(1_000_000), Clock.systemUTC());
	}

	static FaultyCache file(Path temp) {
		return new FaultyCache(temp.resolve("cache"), temp.resolve("backup"),
				(directory) -> new FileCacheStore(new FileSettings(directory, 1_000_000, true), Clock.systemUTC()));
	}

	/**
	 * Answer each time differently, so that an answer tells which call it is from.
	 */
	private Reply answer(ReceivedRequest request) {
		String question = request.json().path("messages").path(0).path("content").stringValue();
		int call = this.calls.merge(question, 1, Integer::sum);
		// Hardly to be compressed, and in no other answer
		String noise = Stream
			.iterate(question.hashCode() * 31L + call, (seed) -> seed * 6364136223846793005L + 1442695L)
			.limit(40)
			.map(Long::toHexString)
			.reduce("", String::concat);
		return Reply.ok("""
				{"choices": [{"index": 0, "message": {"role": "assistant", "content": "%s by call %d %s"}, \
				"finish_reason": "stop"}], "usage": {"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12}}
				""".formatted(question, call, noise));
	}

	/**
	 * Store answers, close the cache and keep a copy of its files.
	 */
	FaultyCache fill(int questions) {
		for (int i = 0; i < questions; i++) {
			String question = question(i);
			this.stored.put(question, this.fixture.api.infer(InferenceFixture.request(question)).text());
		}
		this.fixture.cache.close();
		copy(this.directory, this.backup);
		return this;
	}

	static String question(int number) {
		return "Question " + number + "?";
	}

	/**
	 * Put the files of the copy back, do something to them, and start the cache anew.
	 */
	void damage(Damage damage) {
		this.fixture.cache.close();
		this.since.clear();
		delete(this.directory);
		copy(this.backup, this.directory);
		try {
			damage.run(this.directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.fixture.restart();
	}

	/**
	 * Close the cache, but not the provider.
	 */
	void shutDown() {
		this.fixture.cache.close();
	}

	void restart() {
		this.fixture.restart();
	}

	/**
	 * Ask what was asked before. What comes from the cache has to be what was stored.
	 * @return whether it came from the cache
	 */
	boolean ask(int number) {
		return ask(question(number));
	}

	private boolean ask(String question) {
		InferenceResponse response;
		try {
			response = this.fixture.api.infer(InferenceFixture.request(question));
		}
		catch (RuntimeException ex) {
			this.thrown.add(ex);
			return false;
		}
		this.answered++;
		// Also what was not there at first, and had been rescued by the time of the call
		if (response.source() != Source.PROVIDER) {
			this.hits++;
			if (!response.text().equals(this.stored.get(question))
					&& !this.since.getOrDefault(question, Set.of()).contains(response.text())) {
				wrong(question, response);
			}
			return true;
		}
		if (!response.text().startsWith(question + " by call " + this.calls.get(question) + " ")) {
			wrong(question, response);
		}
		this.since.computeIfAbsent(question, (key) -> new HashSet<>()).add(response.text());
		this.said.computeIfAbsent(question, (key) -> new HashSet<>()).add(response.text());
		return false;
	}

	/**
	 * Ask all that was stored. What is not there any more is asked from the provider, and
	 * stored anew.
	 * @return how many are there
	 */
	int askAll(int questions) {
		int kept = 0;
		for (int i = 0; i < questions; i++) {
			kept += ask(i) ? 1 : 0;
		}
		return kept;
	}

	/**
	 * Return whether an answer that nobody has had is there when it is asked for again.
	 */
	boolean stores() {
		String question = "A new question " + this.fresh.incrementAndGet() + "?";
		try {
			String text = this.fixture.api.infer(InferenceFixture.request(question)).text();
			InferenceResponse again = this.fixture.api.infer(InferenceFixture.request(question));
			this.answered += 2;
			if (again.source() == Source.CACHE && !again.text().equals(text)) {
				wrong(question, again);
			}
			return again.source() == Source.CACHE;
		}
		catch (RuntimeException ex) {
			this.thrown.add(ex);
			return false;
		}
	}

	/**
	 * Store answers, and remember them as stored.
	 * @return how many were acknowledged
	 */
	int storeMore(int count) {
		this.more.clear();
		for (int i = 0; i < count; i++) {
			String question = "One more question " + this.fresh.incrementAndGet() + "?";
			ask(question);
			this.more.add(question);
		}
		return this.health().isUp() ? count : 0;
	}

	/**
	 * Count those that are not there any more.
	 */
	void lostOfMore() {
		for (String question : this.more) {
			this.lost += ask(question) ? 0 : 1;
		}
	}

	long lost() {
		return this.lost;
	}

	/**
	 * Take what the provider has answered lately for what was stored.
	 */
	void accept(int questions) {
		for (int i = 0; i < questions; i++) {
			String question = question(i);
			Set<String> texts = this.said.getOrDefault(question, Set.of());
			this.since.computeIfAbsent(question, (key) -> new HashSet<>()).addAll(texts);
		}
	}

	void awaitStores() {
		Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(this::stores);
	}

	/**
	 * Wait until answers are stored again, or the cache says that it leaves a file alone.
	 * @param damage what was done to it
	 * @return whether answers are stored
	 */
	boolean awaitStoresOrLeavesAlone(String damage) {
		Awaitility.await(damage)
			.atMost(PATIENCE)
			.pollInterval(Duration.ofMillis(5))
			.until(() -> stores() || leavesAlone(health().failure()));
		return stores();
	}

	private static boolean leavesAlone(@Nullable String failure) {
		return failure != null && Stream.of("newer version", "another model", "something else", "cannot be written")
			.anyMatch(failure::contains);
	}

	CacheHealth health() {
		return this.fixture.cache.health();
	}

	long stale() {
		return this.fixture.statistics().stale();
	}

	long answered() {
		return this.answered;
	}

	long hits() {
		return this.hits;
	}

	List<Throwable> thrown() {
		return this.thrown;
	}

	/**
	 * Return what was answered that should not have been.
	 */
	List<String> wrong() {
		return this.wrong;
	}

	private void wrong(String question, InferenceResponse response) {
		this.wrong.add("%s was answered by %s with '%s', after %d calls; stored was '%s', and since then answered %s"
			.formatted(question, response.source(), response.text(), this.calls.getOrDefault(question, 0),
					this.stored.get(question), this.since.get(question)));
	}

	Path directory() {
		return this.directory;
	}

	/**
	 * Return the database.
	 */
	Path database() {
		return find(this.directory, ".sqlite").get(0);
	}

	static List<Path> find(Path directory, String suffix) {
		try {
			return FileTree.list(directory)
				.stream()
				.filter((file) -> file.toString().endsWith(suffix))
				.sorted()
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return what has been moved aside.
	 */
	List<Path> aside() {
		return aside(this.directory);
	}

	static List<Path> aside(Path directory) {
		try (Stream<Path> files = Files.list(directory)) {
			return files.filter((file) -> file.toString().matches(".*\\.sqlite\\.corrupt-\\d{8}T\\d{6}Z(-\\d+)?"))
				.sorted()
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	Survival record(Survival survival) {
		survival.count("requests", this.answered).wrong(this.wrong.size()).thrown(this.thrown.size()).record();
		return survival;
	}

	static void copy(Path from, Path to) {
		try (Stream<Path> files = Files.walk(from)) {
			for (Path file : files.toList()) {
				Path target = to.resolve(from.relativize(file).toString());
				if (Files.isDirectory(file)) {
					Files.createDirectories(target);
				}
				else {
					Files.copy(file, target);
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static void delete(Path directory) {
		try {
			Files.walkFileTree(directory, new SimpleFileVisitor<>() {

				@Override
				public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
					Files.delete(file);
					return FileVisitResult.CONTINUE;
				}

				@Override
				public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException ex) throws IOException {
					Files.delete(folder);
					return FileVisitResult.CONTINUE;
				}

			});
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		this.fixture.close();
	}

	/**
	 * What is done to the files of a cache that is closed.
	 */
	@FunctionalInterface
	interface Damage {

		void run(Path directory) throws IOException;

	}

}
