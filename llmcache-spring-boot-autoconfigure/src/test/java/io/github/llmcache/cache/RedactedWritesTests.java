package io.github.llmcache.cache;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.llmcache.MissExplanation;
import io.github.llmcache.cache.CacheManager.CacheLookup;
import io.github.llmcache.cache.CacheManager.CacheWrite;
import io.github.llmcache.cache.CacheManager.EntryReader;
import io.github.llmcache.cache.file.FileCacheStore;
import io.github.llmcache.cache.file.FileSettings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RedactedWrites}, in a cache with a real store.
 */
class RedactedWritesTests {

	private static final CacheKeyHasher HASHER = new CacheKeyHasher();

	private static final String KEY = "sk-" + "proj-" + "a1B2c3D4e5F6g7H8i9J0k1L2";

	@TempDir
	Path directory;

	@Test
	void neitherRequestNorAnswerIsStoredWithASecret() throws Exception {
		try (FileCacheStore store = store();
				DefaultCacheManager manager = manager(store, SecretRedaction.of(Map.of()))) {
			save(manager, "My key is " + KEY, "{\"text\":\"Your key is " + KEY + "\"}");
			assertThat(content()).isNotEmpty().doesNotContain(KEY).contains("My key is [redacted openai-key]");
			assertThat(lookup(manager, "My key is " + KEY))
				.isEqualTo("{\"text\":\"Your key is [redacted openai-key]\"}");
			// The key is that of what was asked
			assertThat(lookup(manager, "My key is [redacted openai-key]")).isNull();
			List<StoredRequest> requests = new ArrayList<>();
			store.scan(null, (stored) -> {
				try {
					RequestRecord record = stored.read().request();
					requests.add(StoredRequest.parse(Objects.requireNonNull(record).json()));
				}
				catch (UnreadableEntryException ex) {
					throw new IllegalStateException(ex);
				}
			});
			assertThat(requests).singleElement().matches(StoredRequest::redacted);
		}
	}

	@Test
	void whatIsStoredInMemoryIsRedactedToo() throws Exception {
		try (FileCacheStore store = store();
				DefaultCacheManager manager = new DefaultCacheManager(store,
						new CacheSettings(new MemorySettings(1_000_000, Duration.ofMinutes(1)), 10_000,
								RetentionPolicy.UNLIMITED, false, Duration.ofMinutes(1), false,
								SecretRedaction.of(Map.of())),
						Clock.systemUTC())) {
			save(manager, "question", "{\"text\":\"" + KEY + "\"}");
			assertThat(lookup(manager, "question")).isEqualTo("{\"text\":\"[redacted openai-key]\"}");
			assertThat(lookup(manager, "question")).isEqualTo("{\"text\":\"[redacted openai-key]\"}");
		}
	}

	@Test
	void nothingIsRedactedByDefault() throws Exception {
		try (FileCacheStore store = store(); DefaultCacheManager manager = manager(store, SecretRedaction.NONE)) {
			save(manager, "My key is " + KEY, "{\"text\":\"" + KEY + "\"}");
			assertThat(lookup(manager, "My key is " + KEY)).isEqualTo("{\"text\":\"" + KEY + "\"}");
		}
	}

	@Test
	void answerThatCannotBeLookedThroughIsNotStored() throws Exception {
		try (FileCacheStore store = store();
				DefaultCacheManager manager = manager(store,
						SecretRedaction.of(Map.of("slow", Pattern.compile("(a+)+$"))))) {
			String slow = "a".repeat(5000) + "!";
			save(manager, "question", "{\"text\":\"" + slow + "\"}");
			assertThat(lookup(manager, "question")).isNull();
			assertThat(manager.health().isUp()).isTrue();
			save(manager, slow, "{\"text\":\"fine\"}");
			// The answer is what was paid for
			assertThat(lookup(manager, slow)).isEqualTo("{\"text\":\"fine\"}");
			assertThat(content()).contains("fine").doesNotContain(slow);
		}
	}

	@Test
	void answerWhoseArgumentsOfAToolWouldBeNoJsonAnyMoreIsNotStored() throws Exception {
		try (FileCacheStore store = store();
				DefaultCacheManager manager = manager(store,
						SecretRedaction.of(Map.of("password", Pattern.compile("\"password\": *\"[^\"]*\"|hunter3"))))) {
			save(manager, "question", "{\"arguments\":\"{\\\"password\\\":\\\"hunter2\\\"}\"}");
			assertThat(lookup(manager, "question")).isNull();
			save(manager, "other", "{\"arguments\":\"{\\\"text\\\":\\\"hunter3\\\"}\"}");
			assertThat(lookup(manager, "other"))
				.isEqualTo("{\"arguments\":\"{\\\"text\\\":\\\"[redacted password]\\\"}\"}");
			save(manager, "keys", "{\"arguments\":\"{\\\"a\\\":{\\\"b\\\":\\\"-----BEGIN PRIVATE KEY-----\\\"},"
					+ "\\\"c\\\":\\\"-----END PRIVATE KEY-----\\\"}\"}");
			assertThat(lookup(manager, "keys")).isNull();
			save(manager, "[hunter3]", "{\"text\":\"[hunter3, and no JSON\"}");
			assertThat(lookup(manager, "[hunter3]")).contains("[[redacted password], and no JSON");
		}
	}

	@Test
	void answerThatGrowsTooLargeIsNotStored() throws Exception {
		try (FileCacheStore store = store();
				DefaultCacheManager manager = manager(store,
						SecretRedaction.of(Map.of("digit", Pattern.compile("[0-9]"))))) {
			save(manager, "question", "{\"text\":\"" + "1".repeat(9000) + "\"}");
			assertThat(lookup(manager, "question")).isNull();
			assertThat(manager.health().isUp()).isTrue();
		}
	}

	@Test
	void explanationComparesWhatIsLeft() throws Exception {
		try (FileCacheStore store = store();
				DefaultCacheManager manager = manager(store, SecretRedaction.of(Map.of()));
				DefaultCacheManager other = manager(store, SecretRedaction.NONE)) {
			save(manager, "My key is " + KEY, "{}");
			for (DefaultCacheManager each : List.of(manager, other)) {
				MissExplanation explanation = each.explain(new CacheLookup(request("My key is " + KEY + "X"), null));
				assertThat(explanation.nearest()).singleElement()
					.satisfies((near) -> assertThat(near.differences()).singleElement()
						.satisfies((difference) -> assertThat(difference.toString()).contains("redacted")));
				explanation = each.explain(new CacheLookup(request("Our key is " + KEY), null));
				assertThat(explanation.toString()).contains("first difference at character 1").doesNotContain(KEY);
			}
		}
	}

	private FileCacheStore store() {
		return new FileCacheStore(new FileSettings(this.directory, 16 << 20, true), Clock.systemUTC());
	}

	private static DefaultCacheManager manager(CacheStore store, SecretRedaction redaction) {
		return new DefaultCacheManager(store, new CacheSettings(MemorySettings.OFF, 10_000, RetentionPolicy.UNLIMITED,
				false, Duration.ofMinutes(1), false, redaction), Clock.systemUTC());
	}

	private static void save(CacheManager manager, String text, String answer) {
		manager
			.saveAll(List.of(new CacheWrite(request(text), new CachedResponse(answer.getBytes(StandardCharsets.UTF_8),
					1, 1, 1, 1L, "STOP", Instant.parse("2026-01-01T00:00:00Z"), Duration.ZERO, null))));
	}

	private static @Nullable String lookup(CacheManager manager, String text) {
		return manager.lookup(new CacheLookup(request(text), null), new EntryReader<String>() {

			@Override
			public Class<String> type() {
				return String.class;
			}

			@Override
			public String read(CacheEntry entry) {
				return new String(entry.responses().get(0).body(), StandardCharsets.UTF_8);
			}

		});
	}

	private static CacheRequest request(String text) {
		ObjectNode body = JsonMapper.shared().createObjectNode().put("model", "m");
		body.putArray("messages").addObject().put("role", "user").put("content", text);
		return new CacheRequest("", "https://api.example.com", "chat/completions", "m", body, "messages", HASHER);
	}

	private String content() throws IOException {
		StringBuilder content = new StringBuilder();
		try (Stream<Path> files = Files.walk(this.directory)) {
			for (Path file : files.filter(Files::isRegularFile).toList()) {
				content.append(Files.readString(file));
			}
		}
		return content.toString();
	}

}
