package io.github.llmcache.benchmarks.startup;

import io.github.llmcache.InferenceApi;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;

import org.springframework.context.ApplicationContext;

/**
 * The first lookup of an application. This class being loaded is what tells, in the JVM's
 * log, classes from before from those that the lookup needs.
 */
public final class FirstLookup {

	/** What the line with the time begins with. */
	public static final String RESULT = "first lookup: ";

	private static final double NANOS_PER_MILLI = 1e6;

	private FirstLookup() {
	}

	/**
	 * Return the request, whose response has to be in the cache.
	 * @return the request
	 */
	public static InferenceRequest request() {
		return InferenceRequest.builder("bench-model-0").user("Which lookup is the first?").build();
	}

	static void run(ApplicationContext context) {
		InferenceApi api = context.getBean(InferenceApi.class);
		long start = System.nanoTime();
		InferenceResponse response = api.infer(request());
		double millis = (System.nanoTime() - start) / NANOS_PER_MILLI;
		if (response.source() != InferenceResponse.Source.CACHE) {
			throw new IllegalStateException("The response did not come from the cache");
		}
		System.out.println(RESULT + millis);
	}

}
