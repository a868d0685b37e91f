package io.github.llmcache.faults.load;

import java.nio.file.Path;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;

import io.github.llmcache.InferenceApi;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResult;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.testsupport.JavaProcess;

import org.springframework.context.ConfigurableApplicationContext;

/**
 * A process with little memory that asks very many questions with one call.
 */
final class BulkCaller {

	static final int MAX_CONCURRENCY = 32;

	private final LongAdder answered = new LongAdder();

	private final LongAdder cached = new LongAdder();

	private final LongAdder wrong = new LongAdder();

	private BulkCaller() {
	}

	/**
	 * Arguments are the directory, the provider's port, how many questions, and further
	 * properties. For each byte that it reads it asks them, and says how many were
	 * answered, came from the cache and were wrong, and how many uses of the cache have
	 * failed so far.
	 */
	public static void main(String... arguments) throws Exception {
		long count = Long.parseLong(arguments[2]);
		String[] properties = new String[arguments.length - 1];
		System.arraycopy(arguments, 3, properties, 0, arguments.length - 3);
		properties[arguments.length - 3] = "llmcache.memory.maximum-size=8MB";
		properties[arguments.length - 2] = "llmcache.providers.openai.max-concurrency=" + MAX_CONCURRENCY;
		try (ConfigurableApplicationContext context = LoadApplication.start(Path.of(arguments[0]),
				Integer.parseInt(arguments[1]), properties)) {
			InferenceApi api = context.getBean(InferenceApi.class);
			JavaProcess.say("ready");
			while (System.in.read() != -1) {
				BulkCaller caller = new BulkCaller();
				api.inferEach(LongStream.range(0, count).mapToObj(BulkCaller::request), caller::check);
				JavaProcess.say(caller.answered + " answered " + caller.cached + " cached " + caller.wrong + " wrong "
						+ context.getBean(CacheManager.class).statistics().total().errors() + " errors");
			}
		}
		catch (Throwable ex) {
			JavaProcess.say("failed " + ex);
			Runtime.getRuntime().halt(1);
		}
	}

	private static InferenceRequest request(long question) {
		return InferenceRequest.builder(LoadApplication.MODEL).user(SoakTexts.prompt(question)).build();
	}

	private void check(InferenceResult result) {
		String text = result.orElseThrow().text();
		this.answered.increment();
		if (result.orElseThrow().cached()) {
			this.cached.increment();
		}
		long question = SoakTexts.question(result.request().prompt().messages().get(0).text());
		if (!SoakTexts.isAnswer(question, text)) {
			this.wrong.increment();
		}
	}

}
