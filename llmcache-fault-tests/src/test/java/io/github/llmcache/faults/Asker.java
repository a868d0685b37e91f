package io.github.llmcache.faults;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import io.github.llmcache.CacheControl;
import io.github.llmcache.CacheMissException;
import io.github.llmcache.InferenceApi;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.provider.Reply;
import io.github.llmcache.provider.StandInProvider;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Asks numbered questions of an application, and knows what each has to be answered.
 * Thread-safe.
 */
final class Asker {

	private static final String MODEL = "gpt-test";

	private static final JsonMapper JSON = JsonMapper.shared();

	private final AtomicLong calls = new AtomicLong();

	private final AtomicLong wrong = new AtomicLong();

	private final AtomicLong thrown = new AtomicLong();

	private final AtomicLong waits = new AtomicLong();

	private final InferenceApi inference;

	private final Duration longWait;

	/**
	 * Create an asker.
	 * @param inference what is asked
	 * @param longWait from which time on a call has waited for something
	 */
	Asker(InferenceApi inference, Duration longWait) {
		this.inference = inference;
		this.longWait = longWait;
	}

	/**
	 * Let a provider answer each question with what this class expects.
	 */
	static void answer(StandInProvider provider) {
		provider.answer((request) -> {
			String question = request.json().path("messages").path(0).path("content").asString();
			return Reply.ok(completion(answerTo(question)));
		});
	}

	static String completion(String text) {
		ObjectNode completion = JSON.createObjectNode().put("id", "chatcmpl-1").put("object", "chat.completion");
		completion.put("model", MODEL).put("created", 1_750_000_000);
		ObjectNode choice = completion.putArray("choices").addObject().put("index", 0);
		choice.putObject("message").put("role", "assistant").put("content", text);
		choice.put("finish_reason", "stop");
		completion.putObject("usage").put("prompt_tokens", 1).put("completion_tokens", 1).put("total_tokens", 2);
		return completion.toString();
	}

	static InferenceRequest question(long number) {
		return InferenceRequest.builder(MODEL).user("Question " + number).build();
	}

	private static String answerTo(String question) {
		return "Answer to '" + question + "'";
	}

	/**
	 * Ask a question. Whatever becomes of it is counted and not thrown.
	 * @param number the number of the question
	 * @return whether it was answered by the cache
	 */
	boolean ask(long number) {
		return ask(number, CacheControl.DEFAULT);
	}

	/**
	 * Return whether the cache has an answer.
	 * @param number the number of the question
	 * @return whether there is one
	 */
	boolean isCached(long number) {
		return ask(number, CacheControl.DEFAULT.withOnlyIfCached());
	}

	private boolean ask(long number, CacheControl control) {
		this.calls.incrementAndGet();
		long start = System.nanoTime();
		try {
			InferenceResponse response = this.inference
				.infer(question(number).toBuilder().cacheControl(control).build());
			if (!response.text().equals(answerTo("Question " + number))) {
				this.wrong.incrementAndGet();
			}
			return response.cached();
		}
		catch (CacheMissException ex) {
			return false;
		}
		catch (RuntimeException ex) {
			this.thrown.incrementAndGet();
			return false;
		}
		finally {
			if (System.nanoTime() - start >= this.longWait.toNanos()) {
				this.waits.incrementAndGet();
			}
		}
	}

	long calls() {
		return this.calls.get();
	}

	long wrong() {
		return this.wrong.get();
	}

	long thrown() {
		return this.thrown.get();
	}

	/**
	 * Return how many calls have waited.
	 * @return how many have taken as long as a wait for something that does not come
	 */
	long waits() {
		return this.waits.get();
	}

}
