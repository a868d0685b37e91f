package io.github.llmcache.metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.llmcache.Usage;
import io.github.llmcache.inference.CallDescription;
import io.github.llmcache.inference.CallObservation;
import io.github.llmcache.inference.InferenceObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

/**
 * Shows how many calls of each provider are under way ({@code llmcache.provider.active})
 * and wait for their turn ({@code llmcache.provider.waiting}), and counts the tokens that
 * calls take ({@code llmcache.provider.tokens}). Tags are bounded, as those of
 * {@link LlmCacheTimers}. Thread-safe.
 */
public class LlmCacheCallMeters implements InferenceObserver {

	private final Map<String, AtomicInteger> active = new ConcurrentHashMap<>();

	private final Map<String, AtomicInteger> waiting = new ConcurrentHashMap<>();

	private final ModelTags models = new ModelTags();

	private final MeterRegistry registry;

	private final MeterProvider<Counter> tokens;

	/**
	 * Create the meters.
	 * @param registry where they are registered once there is something to count
	 */
	public LlmCacheCallMeters(MeterRegistry registry) {
		this.registry = registry;
		this.tokens = Counter.builder("llmcache.provider.tokens")
			.description("The tokens of the calls of providers")
			.baseUnit("tokens")
			.withRegistry(registry);
	}

	@Override
	public void waitingChanged(String provider, int change) {
		gauge(this.waiting, provider, "llmcache.provider.waiting", "Calls that wait for their turn").addAndGet(change);
	}

	@Override
	public CallObservation callStarted(CallDescription call) {
		AtomicInteger active = gauge(this.active, call.provider(), "llmcache.provider.active",
				"Calls of providers that are under way");
		active.incrementAndGet();
		return (result, failure) -> {
			active.decrementAndGet();
			if (result != null) {
				count(call, result.usage());
			}
		};
	}

	private void count(CallDescription call, Usage usage) {
		Tags tags = Tags.of("provider", call.provider(), "model", this.models.add(call.model()));
		this.tokens.withTags(tags.and("type", "input")).increment(usage.inputTokens());
		this.tokens.withTags(tags.and("type", "output")).increment(usage.outputTokens());
	}

	private AtomicInteger gauge(Map<String, AtomicInteger> numbers, String provider, String name, String description) {
		AtomicInteger number = numbers.get(provider);
		return (number != null) ? number : numbers.computeIfAbsent(provider, (unknown) -> {
			AtomicInteger created = new AtomicInteger();
			Gauge.builder(name, created, AtomicInteger::get)
				.description(description)
				.tag("provider", provider)
				.register(this.registry);
			return created;
		});
	}

}
