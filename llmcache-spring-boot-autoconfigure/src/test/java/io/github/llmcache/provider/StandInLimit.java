package io.github.llmcache.provider;

import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A limit that a {@link StandInProvider} enforces on everything it is asked: a full
 * bucket at the start, to which more comes evenly or all at once when a window ends.
 */
public final class StandInLimit implements Function<StandInProvider.ReceivedRequest, Reply> {

	/** What a limit counts. */
	public enum Counted {

		REQUESTS, TOKENS

	}

	private static final int PROMPT_TOKENS = 10;

	/** What each request takes, whatever it asks for. */
	public static final int TOKENS_OF_REQUEST = 50;

	private final Counted counted;

	private final int limit;

	private final long period;

	private final boolean windows;

	private UnaryOperator<Reply> headers = UnaryOperator.identity();

	private double level;

	private long levelAt;

	private long firstAt;

	private long lastAt;

	private int accepted;

	private int refused;

	private StandInLimit(Counted counted, int limit, Duration period, boolean windows) {
		this.counted = counted;
		this.limit = limit;
		this.period = period.toNanos();
		this.windows = windows;
		this.level = limit;
	}

	public static StandInLimit bucket(Counted counted, int limit, Duration period) {
		return new StandInLimit(counted, limit, period, false);
	}

	public static StandInLimit windows(Counted counted, int limit, Duration period) {
		return new StandInLimit(counted, limit, period, true);
	}

	/**
	 * Report the limit in all replies, as OpenAI does.
	 * @return this limit
	 */
	public StandInLimit withHeaders() {
		String what = this.counted.name().toLowerCase(Locale.ROOT);
		this.headers = (reply) -> reply.header("x-ratelimit-limit-" + what, String.valueOf(this.limit))
			.header("x-ratelimit-remaining-" + what, String.valueOf((int) this.level))
			.header("x-ratelimit-reset-" + what, untilFull() / 1_000_000 + 1 + "ms");
		return this;
	}

	@Override
	public synchronized Reply apply(StandInProvider.ReceivedRequest request) {
		long now = System.nanoTime();
		if (this.accepted == 0 && this.refused == 0) {
			this.levelAt = now;
			this.firstAt = now;
		}
		refill(now);
		int amount = amount();
		if (this.level < amount) {
			this.refused++;
			long nanos = this.windows ? untilFull() : (long) ((amount - this.level) / this.limit * this.period);
			return this.headers.apply(Reply.rateLimited(String.format(Locale.ROOT, "%.3f", nanos / 1e9 + 0.001)));
		}
		this.level -= amount;
		this.accepted++;
		this.lastAt = now;
		return this.headers.apply(answer());
	}

	private int amount() {
		return (this.counted == Counted.TOKENS) ? TOKENS_OF_REQUEST : 1;
	}

	private void refill(long now) {
		if (!this.windows) {
			this.level = Math.min(this.limit, this.level + (double) (now - this.levelAt) / this.period * this.limit);
			this.levelAt = now;
		}
		while (this.windows && now - this.levelAt >= this.period) {
			this.level = this.limit;
			this.levelAt += this.period;
		}
	}

	private long untilFull() {
		return this.windows ? this.levelAt + this.period - System.nanoTime()
				: (long) ((this.limit - this.level) / this.limit * this.period);
	}

	private static Reply answer() {
		return Reply.ok("""
				{"id": "1", "object": "chat.completion", "created": 1, "model": "gpt-test", "choices": [{"index": 0,
				"message": {"role": "assistant", "content": "Fine."}, "finish_reason": "stop"}],
				"usage": {"prompt_tokens": %d, "completion_tokens": %d, "total_tokens": %d}}""".formatted(PROMPT_TOKENS,
				TOKENS_OF_REQUEST - PROMPT_TOKENS, TOKENS_OF_REQUEST));
	}

	/**
	 * Return how many requests were refused.
	 * @return the number of replies with the status 429
	 */
	public synchronized int refused() {
		return this.refused;
	}

	/**
	 * Return which part was used of what this limit would have let through until the last
	 * request: of a bucket including what it had at the start, of windows as far as they
	 * had passed.
	 * @return the part; more than 1 if all of the last window was used at its start
	 */
	public synchronized double usedPart() {
		double periods = (double) (this.lastAt - this.firstAt) / this.period;
		return (double) this.accepted * amount() / (this.limit * (this.windows ? periods : 1 + periods));
	}

}
