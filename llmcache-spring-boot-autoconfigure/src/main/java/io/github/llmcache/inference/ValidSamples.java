package io.github.llmcache.inference;

import java.util.ArrayList;
import java.util.List;

import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResponse.Source;
import io.github.llmcache.InvalidSamplesException;
import io.github.llmcache.SampleRange;
import io.github.llmcache.Validity;
import io.github.llmcache.Validity.WhenTooFew;

/**
 * Chooses the samples of one request that are valid. The candidates are the samples of
 * the request without its validity, in the order of their indices: invalid ones keep
 * their places in the cache, for whoever accepts them, and the same are found again. Used
 * by one thread.
 */
final class ValidSamples {

	private final CallAnswerer answerer;

	private final Validity validity;

	/** The samples of the request, counted among those that are valid. */
	private final SampleRange wanted;

	private final List<DrawnSample> candidates = new ArrayList<>();

	private final List<DrawnSample> valid = new ArrayList<>();

	private final List<DrawnSample> invalid = new ArrayList<>();

	private final List<DrawnSample> paid = new ArrayList<>();

	private Source source = Source.CACHE;

	ValidSamples(CallAnswerer answerer, Validity validity, SampleRange wanted) {
		this.answerer = answerer;
		this.validity = validity;
		this.wanted = wanted;
	}

	/**
	 * Answer a call.
	 * @param call the call
	 * @return the response; its usage and costs are those of all candidates
	 * @throws InvalidSamplesException if too few are valid
	 */
	InferenceResponse answer(InferenceCall call) {
		InferenceCall next = firstCall(call);
		draw(next);
		for (int attempt = 1; isTryingAgain(attempt, next); attempt++) {
			int most = SampleRange.MAX_SAMPLES - next.samples().end();
			next = next.further(Math.min(candidatesFor(missing()), most));
			draw(next);
		}
		return ResponseReader.compose(call, this.source, choose(), this.candidates, this.paid);
	}

	/**
	 * Return the call for the first candidates.
	 */
	InferenceCall firstCall(InferenceCall call) {
		return call.withSamples(new SampleRange(0, candidatesFor(this.wanted.end())));
	}

	private boolean isTryingAgain(int attempt, InferenceCall last) {
		return this.validity.whenTooFew() == WhenTooFew.RETRY && missing() > 0 && attempt < this.validity.maxAttempts()
				&& last.samples().end() < SampleRange.MAX_SAMPLES;
	}

	private int missing() {
		return Math.max(this.wanted.end() - this.valid.size(), 0);
	}

	private int candidatesFor(int samples) {
		return (int) Math.min((long) samples * this.validity.candidatesPerSample(), SampleRange.MAX_SAMPLES);
	}

	private void draw(InferenceCall call) {
		Draw draw = this.answerer.draw(call);
		this.candidates.addAll(draw.samples());
		this.paid.addAll(draw.paid());
		if (draw.source() == Source.PROVIDER || this.source == Source.CACHE) {
			this.source = draw.source();
		}
		for (DrawnSample candidate : draw.samples()) {
			(this.validity.predicate().test(candidate.sample()) ? this.valid : this.invalid).add(candidate);
		}
	}

	private List<DrawnSample> choose() {
		List<DrawnSample> chosen = new ArrayList<>(this.valid);
		if (missing() > 0) {
			switch (this.validity.whenTooFew()) {
				case ERROR, RETRY -> throw tooFew();
				case PAD -> chosen.addAll(this.invalid);
				case CONTINUE -> {
					// Fewer it is
				}
			}
		}
		if (chosen.size() <= this.wanted.first()) {
			throw tooFew();
		}
		return chosen.subList(this.wanted.first(), Math.min(this.wanted.end(), chosen.size()));
	}

	private InvalidSamplesException tooFew() {
		return new InvalidSamplesException(this.wanted.end(), this.valid.size(), this.candidates.size());
	}

}
