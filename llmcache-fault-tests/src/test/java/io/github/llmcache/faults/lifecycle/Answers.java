package io.github.llmcache.faults.lifecycle;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import io.github.llmcache.CacheControl;
import io.github.llmcache.InferenceApi;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResult;
import io.github.llmcache.provider.Reply;
import io.github.llmcache.provider.StandInProvider.ReceivedRequest;
import org.jspecify.annotations.Nullable;

/**
 * Answers each call differently, and knows which of its answers have reached their
 * askers: those must not be asked for again. Thread-safe.
 */
final class Answers implements Function<ReceivedRequest, @Nullable Reply> {

	private final AtomicInteger calls = new AtomicInteger();

	/** The answers that reached somebody, by their questions. */
	private final Map<String, String> received = new ConcurrentHashMap<>();

	private final AtomicInteger wrong = new AtomicInteger();

	private final boolean once;

	/**
	 * Create an instance.
	 * @param once whether no question may be asked again. Who was interrupted while it
	 * waited for an answer may ask again before that has come, and is answered apart
	 */
	Answers(boolean once) {
		this.once = once;
	}

	@Override
	public Reply apply(ReceivedRequest request) {
		String question = Objects.requireNonNull(request.json().path("messages").path(0).path("content").stringValue());
		return Reply.ok("""
				{"choices": [{"index": 0, "message": {"role": "assistant", "content": "%s answered by call %d"},
				  "finish_reason": "stop"}], "usage": {"prompt_tokens": 10, "completion_tokens": 10}}
				""".formatted(question, this.calls.incrementAndGet()));
	}

	static InferenceRequest request(String question) {
		return InferenceRequest.builder(CachedApplication.MODEL).user(question).build();
	}

	/**
	 * Take note of an answer.
	 * @param question the question, none of whose answers is ever replaced
	 * @param response the answer
	 */
	void received(String question, InferenceResponse response) {
		String text = response.text();
		String other = this.received.putIfAbsent(question, text);
		if (!text.startsWith(question + " answered") || this.once && other != null && !other.equals(text)) {
			this.wrong.incrementAndGet();
		}
	}

	int received() {
		return this.received.size();
	}

	/**
	 * Return how many answers were another question's, or not what another one who asked
	 * the same had been answered.
	 */
	int wrong() {
		return this.wrong.get();
	}

	/**
	 * Find out which answers have to be asked for again.
	 * @param inference asks for all of them
	 * @return their questions
	 */
	List<String> lost(InferenceApi inference) {
		List<String> questions = List.copyOf(this.received.keySet());
		List<InferenceResult> results = inference.inferAll(questions.stream()
			.map((question) -> InferenceRequest.builder(CachedApplication.MODEL)
				.user(question)
				.cacheControl(CacheControl.DEFAULT.withOnlyIfCached())
				.build())
			.toList());
		return questions.stream().filter((question) -> {
			InferenceResponse response = results.get(questions.indexOf(question)).response();
			return response == null || this.once && !response.text().equals(this.received.get(question));
		}).toList();
	}

}
