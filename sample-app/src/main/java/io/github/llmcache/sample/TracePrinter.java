package io.github.llmcache.sample;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationView;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.stereotype.Component;

/**
 * Prints each trace once it is complete: what an application with a tracer sends to where
 * its traces are kept.
 */
@Component
@ConditionalOnBooleanProperty("sample.traces")
class TracePrinter implements ObservationHandler<Observation.Context> {

	private final PrintStream out = System.out;

	@Override
	public boolean supportsContext(Observation.Context context) {
		return true;
	}

	@Override
	public void onStart(Observation.Context context) {
		Span span = new Span(context);
		context.put(Span.class, span);
		Span parent = parent(context);
		if (parent != null) {
			parent.children.add(span);
		}
	}

	@Override
	public void onStop(Observation.Context context) {
		Span span = context.getRequired(Span.class);
		span.duration = Duration.ofNanos(System.nanoTime() - span.start);
		if (parent(context) == null) {
			this.out.print(span.describe("  "));
		}
	}

	private static @Nullable Span parent(Observation.Context context) {
		ObservationView parent = context.getParentObservation();
		return (parent != null) ? parent.getContextView().get(Span.class) : null;
	}

	private static final class Span {

		private final long start = System.nanoTime();

		private final List<Span> children = new CopyOnWriteArrayList<>();

		private final Observation.Context context;

		private volatile Duration duration = Duration.ZERO;

		private Span(Observation.Context context) {
			this.context = context;
		}

		private String describe(String indent) {
			String keys = this.context.getAllKeyValues()
				.stream()
				.filter((keyValue) -> !keyValue.getValue().equals(KeyValue.NONE_VALUE))
				.map((keyValue) -> keyValue.getKey() + "=" + keyValue.getValue())
				.collect(Collectors.joining(" "));
			String name = this.context.getContextualName();
			String line = "%s%s  %.3f ms  {%s}%n".formatted(indent, (name != null) ? name : this.context.getName(),
					this.duration.toNanos() / 1e6, keys);
			return line + this.children.stream()
				.map((child) -> child.describe(indent + "  "))
				.collect(Collectors.joining());
		}

	}

}
