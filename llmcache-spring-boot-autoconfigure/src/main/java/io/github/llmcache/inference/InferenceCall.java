package io.github.llmcache.inference;

import io.github.llmcache.CacheControl;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.SampleRange;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheManager.CacheLookup;
import io.github.llmcache.cache.CacheRequest;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.WireRequest;
import org.jspecify.annotations.Nullable;

/**
 * A request on its way: who answers it, in what form it is sent, and under which key its
 * answer is kept.
 *
 * @param request the request
 * @param provider the provider that answers it
 * @param wire the request in the provider's form
 * @param cacheRequest the request as the cache sees it
 * @param cacheControl what the request asks of the cache, its mode included
 * @param samples the samples that are wanted
 * @param held how many samples the caller has already: those before the first one that is
 * wanted, or none
 */
record InferenceCall(InferenceRequest request, ProviderDefinition provider, WireRequest wire, CacheRequest cacheRequest,
		CacheControl cacheControl, SampleRange samples, int held) {

	InferenceCall(InferenceRequest request, ProviderDefinition provider, WireRequest wire, CacheRequest cacheRequest,
			CacheControl cacheControl) {
		this(request, provider, wire, cacheRequest, cacheControl, request.samples(), 0);
	}

	/**
	 * Return a call for other samples of the same request.
	 * @param samples the samples
	 * @return the call, whose caller holds none
	 */
	InferenceCall withSamples(SampleRange samples) {
		return new InferenceCall(this.request, this.provider, this.wire, this.cacheRequest, this.cacheControl, samples,
				0);
	}

	/**
	 * Return a call for samples that follow those that the caller has.
	 * @param count the number of further samples
	 * @return the call
	 */
	InferenceCall further(int count) {
		return new InferenceCall(this.request, this.provider, this.wire, this.cacheRequest, this.cacheControl,
				new SampleRange(this.samples.end(), count), this.samples.end());
	}

	CacheLookup lookup() {
		return new CacheLookup(this.cacheRequest, this.cacheControl.maxAge(), this.samples);
	}

	/**
	 * Return whether what another identical call got answers this one as well. That may
	 * have added to samples that are older than this one accepts.
	 * @param drawn the samples that there are
	 * @return whether they can be used
	 */
	boolean accepts(Drawn drawn) {
		return drawn.covers(this.samples) && (this.cacheControl.maxAge() == null
				|| drawn.asked().nextClearBit(this.samples.first()) >= this.samples.end());
	}

	/**
	 * Return what identical calls have in common, whatever samples they want.
	 */
	Identity question() {
		boolean alone = this.wire.stateful() || CacheDefaults.isApart(this.cacheControl);
		return new Identity(this.cacheRequest.key(), this.cacheControl.noCache(), this.cacheControl.noStore(),
				this.cacheControl.onlyIfCached(), null, alone ? this.cacheRequest : null);
	}

	/**
	 * Return what calls have in common that can be made together: one for few samples
	 * waits for one for many, unless it could not read there what that one stores.
	 */
	Identity identity() {
		Identity question = question();
		return (question.noCache() || question.noStore()) ? question.withSamples(this.samples) : question;
	}

	@Override
	public String toString() {
		return this.request.toString();
	}

	/**
	 * What makes two calls one: the same question, and the same demands on its answer.
	 * The oldest age to accept is none of them, for an answer that is asked for now is
	 * new; what it was added to {@linkplain InferenceCall#accepts need not be}.
	 *
	 * @param key the key, which the namespace is a part of
	 * @param noCache whether the provider has to be asked
	 * @param noStore whether the answer is not to be stored
	 * @param onlyIfCached whether the provider must not be asked
	 * @param samples the samples that are wanted, or {@code null} if they are no part of
	 * the question
	 * @param alone a request that shares no call, which equals nothing but itself and so
	 * keeps its call apart from all others, or {@code null}
	 */
	record Identity(CacheKey key, boolean noCache, boolean noStore, boolean onlyIfCached, @Nullable SampleRange samples,
			@Nullable CacheRequest alone) {

		/**
		 * Return the same without the request that the key was made of.
		 */
		Identity detached() {
			return new Identity(this.key.detached(), this.noCache, this.noStore, this.onlyIfCached, this.samples,
					this.alone);
		}

		private Identity withSamples(SampleRange samples) {
			return new Identity(this.key, this.noCache, this.noStore, this.onlyIfCached, samples, this.alone);
		}

	}

}
