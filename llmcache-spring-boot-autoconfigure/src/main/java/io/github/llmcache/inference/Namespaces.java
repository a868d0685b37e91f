package io.github.llmcache.inference;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import io.github.llmcache.CacheControl;
import io.github.llmcache.EmbeddingRequest;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResult;
import io.github.llmcache.ModerationRequest;
import io.github.llmcache.NamespaceResolver;
import org.jspecify.annotations.Nullable;

/**
 * Writes into requests which namespace they use, as soon as they come in: what follows
 * may happen on other threads, which know nothing of the caller. Thread-safe.
 */
final class Namespaces {

	private final @Nullable NamespaceResolver resolver;

	/**
	 * Create an instance.
	 * @param resolver decides, or {@code null} for what requests say themselves
	 */
	Namespaces(@Nullable NamespaceResolver resolver) {
		this.resolver = resolver;
	}

	InferenceRequest resolve(InferenceRequest request) {
		CacheControl asked = request.cacheControl();
		CacheControl resolved = resolve(asked);
		return (resolved != asked) ? new InferenceRequest(request.model(), request.provider(), request.prompt(),
				request.parameters(), resolved, request.samples(), request.validity(), request.toolUse()) : request;
	}

	/**
	 * Write into all of many requests, or none, which namespace they use.
	 */
	List<InferenceRequest> resolveAll(List<InferenceRequest> requests) {
		return (this.resolver != null) ? requests.stream().map(this::resolve).toList() : requests;
	}

	/**
	 * Return results of the requests that came in.
	 * @param results the results of what was {@linkplain #resolveAll resolved}, in the
	 * same order
	 * @param requests the requests that came in
	 */
	List<InferenceResult> ofRequests(List<InferenceResult> results, List<InferenceRequest> requests) {
		if (this.resolver == null) {
			return results;
		}
		List<InferenceResult> same = new ArrayList<>(results.size());
		for (int i = 0; i < results.size(); i++) {
			InferenceResult result = results.get(i);
			InferenceRequest request = requests.get(i);
			same.add((result.request() != request) ? new InferenceResult(request, result.response(), result.failure())
					: result);
		}
		return Collections.unmodifiableList(same);
	}

	EmbeddingRequest resolve(EmbeddingRequest request) {
		CacheControl asked = request.cacheControl();
		CacheControl resolved = resolve(asked);
		return (resolved != asked) ? new EmbeddingRequest(request.model(), request.provider(), request.texts(),
				request.dimensions(), request.additional(), request.textsPerCall(), resolved) : request;
	}

	ModerationRequest resolve(ModerationRequest request) {
		CacheControl asked = request.cacheControl();
		CacheControl resolved = resolve(asked);
		return (resolved != asked) ? new ModerationRequest(request.model(), request.provider(), request.texts(),
				request.additional(), request.textsPerCall(), resolved) : request;
	}

	private CacheControl resolve(CacheControl asked) {
		if (this.resolver == null) {
			return asked;
		}
		String namespace = this.resolver.resolve(asked.namespace());
		if (namespace == null) {
			throw new IllegalStateException("The NamespaceResolver " + this.resolver.getClass().getName()
					+ " returned null. Without a namespace, it has to return the empty one or throw");
		}
		return namespace.equals(asked.namespace()) ? asked : asked.withNamespace(namespace);
	}

}
