package io.github.llmcache.inference;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.springframework.core.task.VirtualThreadTaskExecutor;

/**
 * Creates the executor of asynchronous calls: virtual threads where they exist (Java 21),
 * otherwise a pool. No thread is started before it is needed.
 */
final class InferenceExecutors {

	private static final int FIRST_JAVA_WITH_VIRTUAL_THREADS = 21;

	private static final long KEEP_ALIVE_SECONDS = 30;

	private static final String THREAD_NAME_PREFIX = "llmcache-";

	private InferenceExecutors() {
	}

	/**
	 * Create an executor.
	 * @param platformThreads the most threads if they are not virtual
	 * @return the executor
	 */
	static ExecutorService create(int platformThreads) {
		if (Runtime.version().feature() >= FIRST_JAVA_WITH_VIRTUAL_THREADS) {
			return unbounded(0, new VirtualThreadTaskExecutor(THREAD_NAME_PREFIX).getVirtualThreadFactory());
		}
		ThreadPoolExecutor pool = new ThreadPoolExecutor(platformThreads, platformThreads, KEEP_ALIVE_SECONDS,
				TimeUnit.SECONDS, new LinkedBlockingQueue<>(), daemonThreads());
		pool.allowCoreThreadTimeOut(true);
		return pool;
	}

	/**
	 * Create an executor for what others do with results: in a bounded pool they could
	 * take all threads, and wait there for tasks that need one.
	 * @return the executor
	 */
	static ExecutorService createForCallbacks() {
		return unbounded(KEEP_ALIVE_SECONDS, daemonThreads());
	}

	private static ExecutorService unbounded(long keepAliveSeconds, ThreadFactory threadFactory) {
		return new ThreadPoolExecutor(0, Integer.MAX_VALUE, keepAliveSeconds, TimeUnit.SECONDS,
				new SynchronousQueue<>(), threadFactory);
	}

	private static ThreadFactory daemonThreads() {
		AtomicInteger count = new AtomicInteger();
		return (task) -> {
			// Keeps nothing of the request that happens to be the first: others follow
			Thread thread = new Thread(null, task, THREAD_NAME_PREFIX + count.incrementAndGet(), 0, false);
			thread.setContextClassLoader(InferenceExecutors.class.getClassLoader());
			thread.setDaemon(true);
			return thread;
		};
	}

}
