package io.github.llmcache.faults.entries;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

import io.github.llmcache.InferenceApi;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResponse.Source;
import io.github.llmcache.actuate.endpoint.LlmCacheEndpoint;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.cache.CacheStore;
import io.github.llmcache.cache.EntryBrowser;
import io.github.llmcache.cache.EntryFilter;
import io.github.llmcache.cache.EntryOrder;
import io.github.llmcache.cache.UnreadableEntryException;
import io.github.llmcache.provider.StandInProvider;
import io.github.llmcache.transcript.StoredTranscript;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static io.github.llmcache.testsupport.JavaProcess.say;

/**
 * Has a question answered and stored for each attack, lets it loose on the entry, looks
 * at all there is in every way there is, and asks again. Says a line for each attack,
 * such as {@code ok bomb} or {@code wrong bomb}, and at last how much memory it has had.
 */
class HostileEntriesApplication {

	static final int MAX_ENTRY_SIZE = 1024 * 1024;

	private static final String MODEL = "gpt-4o-mini";

	private final InferenceApi inference;

	private final CacheManager cache;

	private final CacheStore store;

	private final AttackedStore attacked;

	private HostileEntriesApplication(ConfigurableApplicationContext context, AttackedStore attacked) {
		this.inference = context.getBean(InferenceApi.class);
		this.cache = context.getBean(CacheManager.class);
		this.store = context.getBean(CacheStore.class);
		this.attacked = attacked;
	}

	/**
	 * Run all attacks on a backend.
	 * @param args the backend, and where it is
	 */
	public static void main(String[] args) throws Exception {
		try (StandInProvider provider = StandInProvider.start();
				AttackedStore attacked = AttackedStore.of(args[0], args[1])) {
			SpringApplicationBuilder builder = new SpringApplicationBuilder(Application.class)
				.web(WebApplicationType.NONE)
				.properties(Map.of("llmcache.backend", args[0], "llmcache.max-entry-size", MAX_ENTRY_SIZE + "B",
						"llmcache.memory.maximum-size", "0B", "llmcache.providers.openai.api-key",
						StandInProvider.API_KEY, "llmcache.providers.openai.base-url", provider.baseUrl().toString(),
						"logging.level.root", "ERROR"))
				.properties(attacked.properties());
			try (ConfigurableApplicationContext context = builder.run()) {
				new HostileEntriesApplication(context, attacked).run();
			}
		}
		say("peak " + peak());
	}

	/**
	 * Return the most memory that this process has had, native memory included, in MB.
	 */
	private static long peak() throws Exception {
		return Files.readAllLines(Path.of("/proc/self/status"))
			.stream()
			.filter((line) -> line.startsWith("VmHWM:"))
			.mapToLong((line) -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
			.findFirst()
			.orElse(0);
	}

	private void run() throws Exception {
		for (Attack attack : this.attacked.attacks()) {
			try {
				say(run(attack) + " " + attack.name());
			}
			catch (Exception | LinkageError | OutOfMemoryError | StackOverflowError ex) {
				ex.printStackTrace();
				say("thrown " + attack.name());
			}
		}
		this.attacked.damageStatistics(MODEL);
		this.cache.lifetimeStatistics().forEach((day) -> {
			if (day.counters().hits() < 0 || day.counters().savedNanos() < 0) {
				say("wrong statistics");
			}
		});
		say("ok statistics");
	}

	private String run(Attack attack) throws Exception {
		InferenceRequest request = InferenceRequest.builder(MODEL).user("What about " + attack.name() + "?").build();
		InferenceRequest other = InferenceRequest.builder(MODEL).user("And besides " + attack.name() + "?").build();
		StoredValue value = this.attacked.added(() -> this.inference.infer(request));
		StoredValue otherValue = this.attacked.added(() -> this.inference.infer(other));
		String answer = this.inference.infer(request).text();
		long before = stale();
		attack.change().change(value, otherValue);
		lookAtEverything(request);
		InferenceResponse response = this.inference.infer(request);
		if (response.source() == Source.CACHE) {
			return response.text().equals(answer) ? "unharmed" : "wrong";
		}
		if (!response.text().equals(answer)) {
			return "wrong";
		}
		boolean counted = stale() == before + 1;
		boolean stored = this.inference.infer(request).source() == Source.CACHE;
		this.attacked.repair();
		return !counted ? "uncounted" : (stored ? "ok" : "unstored");
	}

	private long stale() {
		return this.cache.statistics().total().stale();
	}

	private void lookAtEverything(InferenceRequest request) {
		EntryBrowser browser = new EntryBrowser(this.store, Clock.systemUTC());
		for (EntryOrder order : EntryOrder.values()) {
			browser.find(EntryFilter.ALL, order, 10);
		}
		browser.forEach(EntryFilter.ALL, (key, entry) -> {
			try {
				StoredTranscript.of(entry.read());
			}
			catch (UnreadableEntryException ex) {
				// As it should be
			}
		});
		this.store.scan(null, (entry) -> {
			try {
				entry.read();
			}
			catch (UnreadableEntryException ex) {
				// As it should be
			}
		});
		this.inference.explain(request);
		this.store.problems();
		this.store.leftOut();
		this.cache.size();
		this.cache.lifetimeStatistics();
		this.cache.status();
		new LlmCacheEndpoint(this.cache).cache();
		this.cache.delete(new EntryFilter(MODEL, "nobody", null, null, null, null));
	}

	/**
	 * An application with nothing of its own.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
