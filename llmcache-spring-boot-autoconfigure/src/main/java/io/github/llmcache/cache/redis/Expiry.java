package io.github.llmcache.cache.redis;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

import io.lettuce.core.SetArgs;
import org.jspecify.annotations.Nullable;

/**
 * Decides how long Redis keeps an entry: until it expires, at most as long as any entry
 * may be kept. Redis is told a span, for its clock may differ.
 *
 * @param timeToLive how long an entry is kept at the most, or {@code null} for ever
 * @param clock the time
 */
record Expiry(@Nullable Duration timeToLive, InstantSource clock) {

	/**
	 * Return for how long an entry is kept.
	 * @param expiresAt when it expires, or {@code null} for never
	 * @return the milliseconds, at least 1, or {@code null} for ever
	 */
	@Nullable Long millis(@Nullable Instant expiresAt) {
		Long most = (this.timeToLive != null) ? this.timeToLive.toMillis() : null;
		if (expiresAt == null) {
			return most;
		}
		long left = Math.max(1, expiresAt.toEpochMilli() - this.clock.millis());
		return (most != null) ? Long.valueOf(Math.min(most, left)) : Long.valueOf(left);
	}

	SetArgs setArgs(@Nullable Instant expiresAt) {
		Long millis = millis(expiresAt);
		return (millis != null) ? SetArgs.Builder.px(millis) : new SetArgs();
	}

}
