package io.github.llmcache.inference;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

import io.github.llmcache.Sample;
import io.github.llmcache.Validity;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.cache.CacheManager.CacheWrite;
import org.jspecify.annotations.Nullable;

/**
 * The answers to the calls for one request, in the order in which they are stored. Many
 * are stored in portions as they come, so that a process that ends has not paid for all
 * of them in vain; the portions grow, because an entry is written as a whole.
 * Thread-safe.
 */
final class SampleLog {

	private static final int SMALLEST_PORTION = 8;

	/** A portion is at least this part of what has been stored before. */
	private static final int PART = 4;

	private final ReentrantLock lock = new ReentrantLock();

	private final List<CallAnswer> stored = new ArrayList<>();

	private final List<CallAnswer> notStored = new ArrayList<>();

	private final CacheManager cache;

	private final InferenceCall call;

	private boolean append;

	private int saved;

	/**
	 * Create a log.
	 * @param cache stores the answers
	 * @param call the call that is answered
	 * @param append whether the answers are added to what is stored instead of replacing
	 * it
	 */
	SampleLog(CacheManager cache, InferenceCall call, boolean append) {
		this.cache = cache;
		this.call = call;
		this.append = append;
	}

	void add(CallAnswer answer) {
		this.lock.lock();
		try {
			boolean storable = answer.storable() && !this.call.cacheControl().noStore();
			(storable ? this.stored : this.notStored).add(answer);
			if (this.stored.size() - this.saved >= Math.max(SMALLEST_PORTION, this.saved / PART)) {
				save();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Store what has not been stored yet.
	 */
	void save() {
		CacheWrite write = takeUnsaved();
		if (write != null) {
			this.cache.saveAll(List.of(write));
		}
	}

	/**
	 * Return what has not been stored yet, to be stored by the caller.
	 * @return what to store, or {@code null} if there is nothing
	 */
	@Nullable CacheWrite takeUnsaved() {
		this.lock.lock();
		try {
			List<CallAnswer> unsaved = this.stored.subList(this.saved, this.stored.size());
			if (unsaved.isEmpty()) {
				return null;
			}
			CacheWrite write = new CacheWrite(this.call.cacheRequest(),
					unsaved.stream().map(CallAnswer::cached).toList(), this.append || !mayReplace(unsaved),
					this.call.cacheControl().timeToLive());
			this.saved = this.stored.size();
			this.append = true;
			return write;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return whether answers may take the place of those that are stored: if none of them
	 * is valid, there may be a valid one among those.
	 */
	private boolean mayReplace(List<CallAnswer> answers) {
		Validity validity = this.call.request().validity();
		return validity == null || answers.stream()
			.flatMap((answer) -> answer.kept().stream())
			.anyMatch((sample) -> isValid(validity, sample));
	}

	private static boolean isValid(Validity validity, Sample sample) {
		try {
			return validity.predicate().test(sample);
		}
		catch (RuntimeException ex) {
			// Thrown again to whoever asks for the answer
			return false;
		}
	}

	/**
	 * Return the answers.
	 * @return the answers in the order of their samples
	 */
	List<Part> parts() {
		this.lock.lock();
		try {
			// What is not stored comes last, where it moves no other sample's index
			List<Part> parts = new ArrayList<>();
			this.stored.forEach((answer) -> parts.add(Part.asked(answer)));
			this.notStored.forEach((answer) -> parts.add(Part.asked(answer)));
			Stream.of(this.stored, this.notStored)
				.flatMap(List::stream)
				.map(Part::rest)
				.filter(Objects::nonNull)
				.forEach(parts::add);
			return parts;
		}
		finally {
			this.lock.unlock();
		}
	}

}
