package io.github.llmcache.inference;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.llmcache.cache.CacheRequest;
import org.jspecify.annotations.Nullable;

/**
 * A text that is not in the cache, on its way to an answer. Not thread-safe: it goes from
 * thread to thread with its call.
 */
final class MissingText {

	private final String text;

	private final CacheRequest request;

	private final List<Integer> positions = new ArrayList<>(1);

	private TextFlights<InferenceCall.Identity, AnsweredText>.@Nullable Flight flight;

	private @Nullable AnsweredText answer;

	private boolean paid;

	MissingText(String text, CacheRequest request) {
		this.text = text;
		this.request = request;
	}

	String text() {
		return this.text;
	}

	CacheRequest request() {
		return this.request;
	}

	/**
	 * Return where in the request the text comes, at least once.
	 */
	List<Integer> positions() {
		return this.positions;
	}

	void join(TextFlights<InferenceCall.Identity, AnsweredText>.Flight flight) {
		this.flight = flight;
	}

	/**
	 * Tell others who wait for the answer.
	 */
	void complete(AnsweredText answer) {
		if (this.flight != null && this.flight.isLeader()) {
			this.flight.complete(answer);
		}
	}

	/**
	 * Let others who wait in vain ask themselves.
	 */
	void leave() {
		if (this.flight != null && this.flight.isLeader()) {
			this.flight.fail();
		}
	}

	/**
	 * Wait for the answer to somebody else.
	 */
	@Nullable AnsweredText await(Duration patience) {
		return (this.flight != null) ? this.flight.await(patience) : null;
	}

	@Nullable AnsweredText answer() {
		return this.answer;
	}

	/**
	 * Return whether the provider was asked by us.
	 */
	boolean isPaid() {
		return this.paid;
	}

	/**
	 * Take the answer of the provider, or of somebody else who asked it.
	 */
	void answer(AnsweredText answer, boolean paid) {
		this.answer = answer;
		this.paid = paid;
	}

}
