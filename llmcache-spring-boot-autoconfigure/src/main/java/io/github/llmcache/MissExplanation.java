package io.github.llmcache;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Why a request is not answered from the cache, or that it would be.
 *
 * @param model the model's id
 * @param outcome what a lookup comes to
 * @param reason the same for people, in a sentence or two. Holds nothing of what was
 * asked or answered
 * @param compared how many entries of the model the request was compared with
 * @param nearest the entries that come nearest to the request, the nearest first; empty
 * if there are none or if their requests are not stored
 */
public record MissExplanation(String model, Outcome outcome, String reason, long compared, List<NearEntry> nearest) {

	public MissExplanation {
		nearest = List.copyOf(nearest);
	}

	/**
	 * Return whether the request would be answered from the cache.
	 * @return whether there is an entry that can be used
	 */
	public boolean isHit() {
		return this.outcome == Outcome.HIT;
	}

	/**
	 * Return the explanation without what may be parts of prompts.
	 * @return a copy whose differences have no values
	 */
	public MissExplanation withoutValues() {
		return new MissExplanation(this.model, this.outcome, this.reason, this.compared,
				this.nearest.stream().map(NearEntry::withoutValues).toList());
	}

	/**
	 * What a lookup comes to.
	 */
	public enum Outcome {

		/** There is an entry that can be used. */
		HIT,

		/** There is no entry for the request. */
		NOT_STORED,

		/** The entry's time to live has passed. */
		EXPIRED,

		/** The entry is older than the request accepts. */
		TOO_OLD,

		/** The entry holds fewer samples than the request wants. */
		TOO_FEW_SAMPLES,

		/** The entry was written in another format or is damaged. */
		UNREADABLE,

		/** The request, or the mode, keeps the cache out of it. */
		NOT_LOOKED_UP,

		/** The store fails. */
		STORE_FAILED

	}

	/**
	 * An entry that comes near to the request.
	 *
	 * @param key the entry's key in hexadecimal
	 * @param createdAt when its oldest response was made
	 * @param differences what differs; empty if it is the request's own entry
	 */
	public record NearEntry(String key, Instant createdAt, List<Difference> differences) {

		public NearEntry {
			differences = List.copyOf(differences);
		}

		private NearEntry withoutValues() {
			return new NearEntry(this.key, this.createdAt,
					this.differences.stream().map(Difference::withoutValues).toList());
		}

	}

	/**
	 * A difference between an entry's request and the one that was not found.
	 *
	 * @param pointer where it is: {@code /namespace}, {@code /endpoint},
	 * {@code /operation}, or a JSON pointer into the provider's request below
	 * {@code /body}
	 * @param description what differs, in words that hold nothing of any text, such as
	 * {@code absent / 0} for a member that only the request has, or {@code first
	 * difference at character 118}, counted from 1
	 * @param stored the entry's value as JSON, shortened, or {@code null} if it has none.
	 * May be a part of a prompt
	 * @param requested the request's value as JSON, shortened, or {@code null} if it has
	 * none. May be a part of a prompt
	 */
	public record Difference(String pointer, String description, @Nullable String stored, @Nullable String requested) {

		private Difference withoutValues() {
			return new Difference(this.pointer, this.description, null, null);
		}

		/**
		 * Describe the difference without what may be a part of a prompt.
		 */
		@Override
		public String toString() {
			return this.pointer + ": " + this.description;
		}

	}

}
