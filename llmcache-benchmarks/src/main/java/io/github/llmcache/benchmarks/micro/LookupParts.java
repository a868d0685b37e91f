package io.github.llmcache.benchmarks.micro;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.llmcache.CacheMissException;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.benchmarks.contender.LlmCache;
import io.github.llmcache.benchmarks.workload.Texts;
import io.github.llmcache.benchmarks.workload.Workload;
import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheKeyHasher;
import io.github.llmcache.cache.CacheRequest;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.EntryCodec;
import io.github.llmcache.cache.UnreadableEntryException;
import io.github.llmcache.provider.ProviderAnswer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The parts of a lookup, from the request to the response.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // By JMH
public class LookupParts {

	private static final int COMPLETION = 2048;

	private static final int MAX_ENTRY_SIZE = 1_000_000;

	/** The length of the prompt in bytes. */
	@Param({ "4096", "163840" })
	public int prompt;

	private final CacheKeyHasher hasher = new CacheKeyHasher();

	private final EntryCodec codec = new EntryCodec(MAX_ENTRY_SIZE);

	private LlmCache cache;

	private InferenceRequest request;

	private CacheRequest planned;

	private List<CachedResponse> responses;

	private CacheEntry entry;

	private byte[] encoded;

	@Setup
	public void prepare() {
		Workload workload = new Workload(Texts.ENGLISH, 42, this.prompt, COMPLETION, 1);
		// Never created: nothing is looked up or saved
		this.cache = new LlmCache(Path.of("does-not-exist"));
		this.request = workload.request(0);
		this.planned = this.cache.plan(this.request);
		this.responses = List.of(LlmCache.response(workload.body(0)));
		CacheKey key = this.planned.key();
		this.entry = new CacheEntry(key, "", this.responses, null, null);
		this.encoded = this.codec.encode(this.entry, null);
	}

	@TearDown
	public void close() {
		this.cache.close();
		this.codec.close();
	}

	@Benchmark
	public CacheRequest mapRequest() {
		return this.cache.plan(this.request);
	}

	@Benchmark
	public long fingerprint() {
		return newKey().fingerprint();
	}

	@Benchmark
	public byte[] encodeKey() {
		return newKey().toBytes();
	}

	private CacheKey newKey() {
		return new CacheRequest(this.planned.namespace(), this.planned.endpoint(), this.planned.operation(),
				this.planned.model(), this.planned.body(), "messages", this.hasher)
			.key();
	}

	@Benchmark
	public byte[] encodeEntry() {
		return this.codec.encode(this.entry, null);
	}

	@Benchmark
	public CacheEntry decodeEntry() throws UnreadableEntryException {
		return this.codec.decode(this.entry.key(), this.encoded, null);
	}

	@Benchmark
	public ProviderAnswer readResponse() throws UnreadableEntryException {
		return this.cache.reader().read(this.entry);
	}

	@Benchmark
	public CacheMissException missException() {
		return new CacheMissException(String.valueOf(this.planned.key()));
	}

}
