package io.github.llmcache.benchmarks.workload;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

import com.github.luben.zstd.Zstd;
import io.github.llmcache.CacheControl;
import io.github.llmcache.InferenceRequest;

/**
 * Numbered requests and their responses. Every call makes them anew: nobody can remember
 * a string of the call before.
 * <p>
 * A prompt is instructions, which are the same for all requests, and a user message: the
 * document, if there is one, which is the same for all requests, too, and behind it a
 * text of its own.
 *
 * @param texts the kind of text
 * @param seed what decides all texts
 * @param promptLength the length of all messages together
 * @param completionLength the length of the text that is answered
 * @param models how many models the requests are for in turn
 * @param document what all user messages begin with
 */
public record Workload(Texts texts, long seed, int promptLength, int completionLength, int models, String document) {

	private static final int MAX_INSTRUCTIONS = 512;

	private static final int INSTRUCTIONS_SHARE = 8;

	private static final int SAMPLES = 50;

	/** Far from those of requests and responses. */
	private static final long DOCUMENT = 1L << 38;

	private static final CacheControl ONLY_IF_CACHED = CacheControl.DEFAULT.withOnlyIfCached();

	/**
	 * Create a workload without a document.
	 * @param texts the kind of text
	 * @param seed what decides all texts
	 * @param promptLength the length of all messages together
	 * @param completionLength the length of the text that is answered
	 * @param models how many models the requests are for in turn
	 */
	public Workload(Texts texts, long seed, int promptLength, int completionLength, int models) {
		this(texts, seed, promptLength, completionLength, models, "");
	}

	/**
	 * Let all requests ask about the same document.
	 * @param length the length of the document, a part of each prompt
	 * @return a workload with prompts of the same length
	 */
	public Workload aboutOneDocument(int length) {
		return new Workload(this.texts, this.seed, this.promptLength, this.completionLength, this.models,
				this.texts.text(seed(DOCUMENT), length));
	}

	/**
	 * Make a request, which only the cache may answer.
	 * @param number its number
	 * @return the request
	 */
	public InferenceRequest request(long number) {
		int instructions = Math.min(MAX_INSTRUCTIONS, this.promptLength / INSTRUCTIONS_SHARE);
		return InferenceRequest.builder(model(number))
			.system(this.texts.text(this.seed, instructions))
			.user(this.document
				.concat(this.texts.text(seed(2 * number), this.promptLength - instructions - this.document.length())))
			.temperature(0)
			.maxTokens(1024)
			.cacheControl(ONLY_IF_CACHED)
			.build();
	}

	/**
	 * Make the body of a response.
	 * @param number the number of its request
	 * @return the body
	 */
	public byte[] body(long number) {
		String text = this.texts.text(seed(2 * number + 1), this.completionLength);
		int input = this.promptLength / 4;
		int output = this.completionLength / 4;
		return String
			.format(Locale.ROOT, """
					{"id":"chatcmpl-%024x","object":"chat.completion","created":%d,"model":"%s","choices":[{"index":0,\
					"message":{"role":"assistant","content":"%s","refusal":null,"annotations":[]},"logprobs":null,\
					"finish_reason":"stop"}],"usage":{"prompt_tokens":%d,"completion_tokens":%d,"total_tokens":%d,\
					"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"completion_tokens_details":\
					{"reasoning_tokens":0,"audio_tokens":0,"accepted_prediction_tokens":0,\
					"rejected_prediction_tokens":0}},"service_tier":"default","system_fingerprint":"fp_%010x"}""",
					seed(number) * 31, 1_760_000_000 + number, model(number), text, input, output, input + output,
					this.seed & 0xffffffffffL)
			.getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * Make a request and its response.
	 * @param number the number
	 * @return both
	 */
	public Exchange exchange(long number) {
		return new Exchange(request(number), body(number));
	}

	/**
	 * Make several.
	 * @param from the first number
	 * @param to the number behind the last one
	 * @return requests and responses
	 */
	public List<Exchange> exchanges(long from, long to) {
		return LongStream.range(from, to).parallel().mapToObj(this::exchange).toList();
	}

	/**
	 * Return the id of the model that a request is for.
	 * @param number the number of the request
	 * @return the model's id
	 */
	public String model(long number) {
		return "bench-model-" + Math.floorMod(number, this.models);
	}

	/**
	 * Return how many times smaller zstd makes prompts, each on its own.
	 * @return the ratio
	 */
	public double compressionRatio() {
		long compressed = 0;
		for (int number = 0; number < SAMPLES; number++) {
			byte[] text = this.texts.text(seed(2 * number), this.promptLength).getBytes(StandardCharsets.UTF_8);
			compressed += Zstd.compress(text, 3).length;
		}
		return (double) SAMPLES * this.promptLength / compressed;
	}

	/**
	 * Describe the texts for the report.
	 */
	public String describe() {
		return String.format(Locale.ROOT, "%s text, prompts of %,d bytes, which zstd-3 makes %.1f times smaller",
				this.texts.name().toLowerCase(Locale.ROOT), this.promptLength, compressionRatio());
	}

	private long seed(long number) {
		return (this.seed << 40) ^ number;
	}

}
