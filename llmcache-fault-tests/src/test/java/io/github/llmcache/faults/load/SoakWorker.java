package io.github.llmcache.faults.load;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;

import com.sun.management.UnixOperatingSystemMXBean;
import io.github.llmcache.CacheControl;
import io.github.llmcache.InferenceApi;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse;
import io.github.llmcache.InferenceResult;
import io.github.llmcache.cache.CacheManager;
import io.github.llmcache.faults.load.SoakSample.Kind;
import io.github.llmcache.testsupport.JavaProcess;
import org.HdrHistogram.Recorder;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.task.VirtualThreadTaskExecutor;

/**
 * A process of a soak: an application with {@value #THREADS} threads that ask, one
 * question after the other, without a pause.
 */
final class SoakWorker {

	static final int THREADS = 64;

	/** The most that is told apart, in microseconds: as long as a soak. */
	private static final long LONGEST = TimeUnit.MINUTES.toMicros(30);

	private final Map<Kind, Recorder> times = new EnumMap<>(Kind.class);

	private final LongAdder asked = new LongAdder();

	private final LongAdder wrong = new LongAdder();

	private final LongAdder thrown = new LongAdder();

	private final AtomicLong unknown;

	/** How many questions are asked again and again. */
	private final int known;

	private final InferenceApi api;

	private final CacheManager cache;

	private volatile boolean ended;

	private SoakWorker(ConfigurableApplicationContext context, int index, int known) {
		this.api = context.getBean(InferenceApi.class);
		this.cache = context.getBean(CacheManager.class);
		this.known = known;
		this.unknown = new AtomicLong((index + 1) * 1_000_000_000L);
		for (Kind kind : Kind.values()) {
			// One that grows by itself sometimes says that it is smaller than it is, when
			// two threads have let it grow at once; nobody can decode it then
			this.times.put(kind, new Recorder(1, LONGEST, 3));
		}
	}

	/**
	 * Arguments are the directory, the provider's port, how many processes there are and
	 * which of them this is, how many entries there may be, a quarter of which are known,
	 * how many milliseconds between two samples, how many samples, after how many of them
	 * the heap is collected, and the kind of threads. Says {@code ready}, reads a byte,
	 * and says each sample.
	 */
	public static void main(String... arguments) throws Exception {
		int processes = Integer.parseInt(arguments[2]);
		int index = Integer.parseInt(arguments[3]);
		int known = Integer.parseInt(arguments[4]) / 4;
		try (ConfigurableApplicationContext context = LoadApplication.start(Path.of(arguments[0]),
				Integer.parseInt(arguments[1]), "llmcache.max-entries=" + arguments[4],
				"llmcache.maintenance.interval=5s", "llmcache.providers.openai.max-concurrency=" + THREADS)) {
			SoakWorker worker = new SoakWorker(context, index, known);
			worker.ask(LongStream.range(0, known).filter((question) -> question % processes == index));
			JavaProcess.say("ready");
			System.in.read();
			worker.run(Duration.ofMillis(Long.parseLong(arguments[5])), Integer.parseInt(arguments[6]),
					Integer.parseInt(arguments[7]), threads(arguments[8]));
		}
		catch (Throwable ex) {
			JavaProcess.say("failed " + ex);
			throw ex;
		}
		JavaProcess.say("closed");
	}

	private static ThreadFactory threads(String kind) {
		return "virtual".equals(kind) ? new VirtualThreadTaskExecutor("soak-").getVirtualThreadFactory() : Thread::new;
	}

	private void ask(LongStream questions) {
		for (InferenceResult result : this.api
			.inferAll(questions.mapToObj((question) -> request(question, CacheControl.DEFAULT)).toList())) {
			result.orElseThrow();
		}
	}

	private void run(Duration interval, int samples, int collectAfter, ThreadFactory factory) throws Exception {
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < THREADS; i++) {
			Thread thread = factory.newThread(this::askUntilTheEnd);
			thread.start();
			threads.add(thread);
		}
		long start = System.nanoTime();
		for (int i = 1; i <= samples; i++) {
			TimeUnit.NANOSECONDS.sleep(start + i * interval.toNanos() - System.nanoTime());
			JavaProcess.say(JsonMapper.shared()
				.writeValueAsString(sample((System.nanoTime() - start) / 1e9, i % collectAfter == 0)));
		}
		this.ended = true;
		for (Thread thread : threads) {
			thread.join();
		}
		// What was done after the last sample counts as well
		JavaProcess.say(JsonMapper.shared().writeValueAsString(sample((System.nanoTime() - start) / 1e9, false)));
	}

	private void askUntilTheEnd() {
		while (!this.ended) {
			int dice = ThreadLocalRandom.current().nextInt(10);
			if (dice < 7) {
				ask(Kind.HIT, ThreadLocalRandom.current().nextInt(this.known), CacheControl.DEFAULT);
			}
			else if (dice < 9) {
				ask(Kind.MISS, this.unknown.getAndIncrement(), CacheControl.DEFAULT);
			}
			else {
				ask(Kind.REFRESH, ThreadLocalRandom.current().nextInt(this.known), CacheControl.DEFAULT.withNoCache());
			}
		}
	}

	private void ask(Kind kind, long question, CacheControl cacheControl) {
		InferenceRequest request = request(question, cacheControl);
		long start = System.nanoTime();
		try {
			InferenceResponse response = this.api.infer(request);
			long micros = (System.nanoTime() - start) / 1000;
			boolean absent = kind == Kind.HIT && !response.cached();
			record(absent ? Kind.MISS : kind, micros);
			if (absent) {
				this.asked.increment();
			}
			boolean unexpected = kind != Kind.HIT && response.cached();
			if (unexpected || !SoakTexts.isAnswer(question, response.text())) {
				this.wrong.increment();
			}
		}
		catch (RuntimeException | Error ex) {
			this.thrown.increment();
		}
	}

	private void record(Kind kind, long micros) {
		Recorder recorder = this.times.get(kind);
		if (recorder != null) {
			recorder.recordValue(Math.min(micros, LONGEST));
		}
	}

	private static InferenceRequest request(long question, CacheControl cacheControl) {
		return InferenceRequest.builder(LoadApplication.MODEL)
			.system("Answer shortly.")
			.user(SoakTexts.prompt(question))
			.cacheControl(cacheControl)
			.build();
	}

	private SoakSample sample(double seconds, boolean collect) throws IOException {
		Map<Kind, String> encoded = new EnumMap<>(Kind.class);
		this.times.forEach((kind, recorder) -> encoded.put(kind, SoakSample.encode(recorder.getIntervalHistogram())));
		long heap = 0;
		if (collect) {
			System.gc();
			heap = collected();
		}
		long files = (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix)
				? unix.getOpenFileDescriptorCount() : 0;
		return new SoakSample(seconds, encoded, this.asked.sumThenReset(), this.wrong.sumThenReset(),
				this.thrown.sumThenReset(), this.cache.statistics().total().errors(), this.cache.health().isUp(), heap,
				resident(), ManagementFactory.getThreadMXBean().getThreadCount(), files);
	}

	/**
	 * Return what the last collection has left. What is in use by now is far more as soon
	 * as this thread has waited for a processor.
	 */
	private static long collected() {
		return ManagementFactory.getMemoryPoolMXBeans()
			.stream()
			.filter((pool) -> pool.getType() == MemoryType.HEAP)
			.map(MemoryPoolMXBean::getCollectionUsage)
			.filter(Objects::nonNull)
			.mapToLong(MemoryUsage::getUsed)
			.sum();
	}

	private static long resident() throws IOException {
		Path status = Path.of("/proc/self/status");
		if (!Files.exists(status)) {
			return 0;
		}
		return Files.readAllLines(status)
			.stream()
			.filter((line) -> line.startsWith("VmRSS:"))
			.mapToLong((line) -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
			.findFirst()
			.orElse(0);
	}

}
