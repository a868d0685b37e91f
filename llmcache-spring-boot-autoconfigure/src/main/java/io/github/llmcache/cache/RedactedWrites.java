package io.github.llmcache.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.llmcache.cache.CacheManager.CacheWrite;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Takes secrets out of what is stored. What cannot be looked through is not stored.
 * Thread-safe.
 *
 * @param redaction finds the secrets
 * @param warned whether it has been said that something could not be looked through
 */
record RedactedWrites(SecretRedaction redaction, AtomicBoolean warned) {

	private static final Log logger = LogFactory.getLog(CacheManager.class);

	RedactedWrites(SecretRedaction redaction) {
		this(redaction, new AtomicBoolean());
	}

	/**
	 * Take the secrets out of responses.
	 * @param write what is stored
	 * @return the same without secrets, and without responses that may hold some
	 */
	CacheWrite redact(CacheWrite write) {
		if (!this.redaction.isEnabled()) {
			return write;
		}
		List<CachedResponse> responses = new ArrayList<>(write.responses().size());
		for (CachedResponse response : write.responses()) {
			try {
				responses.add(this.redaction.response(response));
			}
			catch (SecretRedactionException ex) {
				warn("An answer", ex);
			}
		}
		return new CacheWrite(write.request(), responses, write.append(), write.timeToLive());
	}

	/**
	 * Return what is kept of a request.
	 * @param request the request
	 * @param most the most bytes of its JSON
	 * @return the record without secrets, or {@code null} if it may hold some, or is
	 * longer
	 */
	@Nullable RequestRecord request(CacheRequest request, long most) {
		RequestRecord record = RequestRecord.of(request, most);
		if (record == null || !this.redaction.isEnabled()) {
			return record;
		}
		try {
			return this.redaction.request(record);
		}
		catch (SecretRedactionException ex) {
			warn("A request", ex);
			return null;
		}
	}

	private void warn(String what, SecretRedactionException ex) {
		if (this.warned.compareAndSet(false, true)) {
			logger.warn(what + " could not be looked through for secrets and is not stored: " + ex.getMessage()
					+ ". Further ones are not logged");
		}
	}

}
