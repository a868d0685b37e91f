package io.github.llmcache;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Calls large language models, and answers from the cache what was answered before.
 * <p>
 * Thread-safe. Identical requests that are made at the same time are one call to the
 * provider. A cache that fails makes calls slower, never wrong, and is never the reason
 * for an exception.
 */
public interface InferenceApi {

	/**
	 * Answer a request.
	 * @param request the request
	 * @return the response
	 * @throws CacheMissException if only the cache was to be asked and has no answer, or
	 * too few
	 * @throws InvalidSamplesException if too few answers are valid
	 * @throws ToolTurnsExceededException if the model does not stop calling tools
	 * @throws ProviderException if the provider could not be asked or did not answer; its
	 * subclasses tell why
	 * @throws InferenceException if the request cannot be sent: no provider is configured
	 * for its model, or the provider does not know one of its parameters
	 */
	InferenceResponse infer(InferenceRequest request);

	/**
	 * Answer a question.
	 * @param model the model's id
	 * @param question the question
	 * @return the text of the answer
	 * @throws InferenceException as {@link #infer(InferenceRequest)}
	 */
	default String ask(String model, String question) {
		return infer(InferenceRequest.builder(model).user(question).build()).text();
	}

	/**
	 * Answer a request on another thread. Cancelling the future stops its call to the
	 * provider; another caller who waits for the same answer makes a call of his own.
	 * @param request the request
	 * @return the response to come; fails as {@link #infer(InferenceRequest)} throws
	 */
	CompletableFuture<InferenceResponse> inferAsync(InferenceRequest request);

	/**
	 * Answer many requests: what is cached at once, the others with as many calls at the
	 * same time as their providers are configured for. Duplicates are asked once. One
	 * request's failure does not affect the others.
	 * @param requests the requests
	 * @return their results, in the order of the requests
	 */
	default List<InferenceResult> inferAll(List<InferenceRequest> requests) {
		return inferAll(requests, Progress.NONE);
	}

	/**
	 * Answer many requests and tell how it gets on.
	 * @param requests the requests
	 * @param progress told after each group of requests
	 * @return their results, in the order of the requests
	 * @throws InferenceCancelledException if the calling thread is interrupted; what was
	 * answered by then stays stored
	 * @see #inferAll(List)
	 */
	List<InferenceResult> inferAll(List<InferenceRequest> requests, Progress progress);

	/**
	 * Answer any number of requests in bounded memory, as {@link #inferAll(List)} does:
	 * requests are taken when it is soon their turn, and nothing is kept of those that
	 * are answered. So duplicates are asked once if they are under way at the same time
	 * or their answer is stored.
	 * @param requests the requests; some thousand are under way at the same time
	 * @param results is given each result as soon as it is there, in no particular order,
	 * by the calling thread. Nothing else is taken or saved meanwhile. What it throws
	 * ends all, and so does what the stream throws
	 * @throws InferenceCancelledException if the calling thread is interrupted; what was
	 * answered by then stays stored
	 */
	void inferEach(Stream<InferenceRequest> requests, Consumer<? super InferenceResult> results);

	/**
	 * Return the vectors of texts: those that are cached at once, the others with as few
	 * calls as the provider allows. A text that comes more than once is asked for once.
	 * @param request the request
	 * @return the vectors, in the order of the texts
	 * @throws CacheMissException if only the cache was to be asked and a text is not in
	 * it
	 * @throws InvalidRequestException if the provider has no embeddings
	 * @throws ProviderException if a call failed; what other calls have answered by then
	 * stays stored, and is not paid for again
	 * @throws InferenceException as {@link #infer(InferenceRequest)}
	 */
	EmbeddingResponse embed(EmbeddingRequest request);

	/**
	 * Return the vectors of texts.
	 * @param model the model's id
	 * @param texts the texts
	 * @return the vectors, in the order of the texts
	 * @throws InferenceException as {@link #embed(EmbeddingRequest)}
	 */
	default EmbeddingResponse embed(String model, List<String> texts) {
		return embed(EmbeddingRequest.builder(model).texts(texts).build());
	}

	/**
	 * Return the vectors of texts with a number of dimensions.
	 * @param model the model's id
	 * @param texts the texts
	 * @param dimensions how many dimensions the vectors are to have
	 * @return the vectors, in the order of the texts
	 * @throws InferenceException as {@link #embed(EmbeddingRequest)}
	 */
	default EmbeddingResponse embed(String model, List<String> texts, int dimensions) {
		return embed(EmbeddingRequest.builder(model).texts(texts).dimensions(dimensions).build());
	}

	/**
	 * Return what a model finds objectionable in texts: those that are cached at once,
	 * the others with as few calls as the provider allows. A text that comes more than
	 * once is asked for once.
	 * @param request the request
	 * @return the answers, in the order of the texts
	 * @throws CacheMissException if only the cache was to be asked and a text is not in
	 * it
	 * @throws InvalidRequestException if the provider has no moderation
	 * @throws ProviderException if a call failed; what other calls have answered by then
	 * stays stored
	 * @throws InferenceException as {@link #infer(InferenceRequest)}
	 */
	ModerationResponse moderate(ModerationRequest request);

	/**
	 * Return what a model finds objectionable in texts.
	 * @param model the model's id
	 * @param texts the texts
	 * @return the answers, in the order of the texts
	 * @throws InferenceException as {@link #moderate(ModerationRequest)}
	 */
	default ModerationResponse moderate(String model, List<String> texts) {
		return moderate(ModerationRequest.builder(model).texts(texts).build());
	}

	/**
	 * Explain whether a request would be answered from the cache, and if not, why. No
	 * provider is asked, and nothing is counted. Of a request that takes several calls,
	 * because tools are run or only some answers are accepted, it is the first one.
	 * <p>
	 * It takes time in proportion to the number of entries of the model, up to some
	 * seconds; then the request has been compared with as many as there was time for.
	 * @param request the request
	 * @return the explanation
	 * @throws InferenceException if it cannot be told how the request would be sent
	 */
	MissExplanation explain(InferenceRequest request);

}
