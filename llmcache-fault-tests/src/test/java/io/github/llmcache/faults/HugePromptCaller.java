package io.github.llmcache.faults;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import io.github.llmcache.InferenceApi;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.cache.EntryFilter;
import io.github.llmcache.testsupport.JavaProcess;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * A process with little memory that asks what takes much.
 */
final class HugePromptCaller {

	private static final int MEGABYTE = 1 << 20;

	private final InferenceApi inference;

	private HugePromptCaller(InferenceApi inference) {
		this.inference = inference;
	}

	/**
	 * Arguments are the size of one prompt in MB, how many threads then ask at the same
	 * time, the size of their prompts, and properties. Says what is not as it should be,
	 * and in the end how many MB of memory it has had at the most.
	 */
	public static void main(String... arguments) throws Exception {
		int size = Integer.parseInt(arguments[0]);
		int threads = Integer.parseInt(arguments[1]);
		int sizeEach = Integer.parseInt(arguments[2]);
		String[] properties = List.of(arguments).subList(3, arguments.length).toArray(String[]::new);
		try {
			for (boolean again : new boolean[] { false, true }) {
				try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
					.web(WebApplicationType.NONE)
					.properties(properties)
					.run()) {
					HugePromptCaller caller = new HugePromptCaller(context.getBean(InferenceApi.class));
					caller.askHuge(size, again);
					caller.askMany(threads, sizeEach, again);
					check(context.getBean(CacheManager.class), threads + 3);
				}
			}
		}
		catch (Exception | OutOfMemoryError | StackOverflowError ex) {
			ex.printStackTrace();
			JavaProcess.say("thrown " + ex);
		}
		JavaProcess.say("peak " + peakMemory());
	}

	private void askHuge(int size, boolean known) {
		ask("one byte a character", "x".repeat(size * MEGABYTE), known);
		ask("three bytes a character", "\u6f22".repeat(size * MEGABYTE / 3), known);
		ask("small", "small", known);
	}

	private void ask(String what, String prompt, boolean known) {
		InferenceRequest request = request(prompt);
		InferenceResponse first = this.inference.infer(request);
		InferenceResponse second = this.inference.infer(request);
		if (first.cached() != known) {
			JavaProcess.say("wrong: " + what + (known ? " is not found" : " is found before it was asked"));
		}
		if (!second.cached() || !second.text().equals(first.text())) {
			JavaProcess.say("wrong: " + what + " is not found again");
		}
	}

	private void askMany(int threads, int size, boolean known) throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			List<Callable<InferenceResponse>> calls = IntStream.range(0, threads)
				// Of different sizes, which is all that the provider looks at
				.<Callable<InferenceResponse>>mapToObj(
						(i) -> () -> this.inference.infer(request("y".repeat(size * MEGABYTE - i))))
				.toList();
			Set<String> answers = new HashSet<>();
			for (Future<InferenceResponse> call : executor.invokeAll(calls)) {
				InferenceResponse response = call.get();
				answers.add(response.text());
				if (response.cached() != known) {
					JavaProcess.say("wrong: one of many is " + (known ? "not " : "") + "found");
				}
			}
			if (answers.size() != threads) {
				JavaProcess.say("wrong: two of many have the same answer");
			}
		}
		finally {
			executor.shutdown();
		}
	}

	private static InferenceRequest request(String prompt) {
		return InferenceRequest.builder("gpt-test").user(prompt).build();
	}

	private static void check(CacheManager cache, int entries) {
		long stored = cache.size().stream().mapToLong((size) -> size.entries()).sum();
		if (stored != entries || !cache.health().isUp()) {
			JavaProcess.say("wrong: " + stored + " entries, " + cache.health());
		}
		// Reads the details of all, which none of them makes large
		cache.delete(new EntryFilter("gpt-test", "nobody", null, null, null, null));
	}

	private static long peakMemory() throws Exception {
		return Files.readAllLines(Path.of("/proc/self/status"))
			.stream()
			.filter((line) -> line.startsWith("VmHWM:"))
			.mapToLong((line) -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
			.findFirst()
			.orElse(0);
	}

	/**
	 * An application with nothing of its own.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
