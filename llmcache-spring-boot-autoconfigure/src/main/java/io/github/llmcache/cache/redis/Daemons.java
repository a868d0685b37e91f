package io.github.llmcache.cache.redis;

/**
 * Starts threads that keep no application from ending.
 */
final class Daemons {

	private Daemons() {
	}

	static void start(String name, Runnable task) {
		create(name, task).start();
	}

	static Thread create(String name, Runnable task) {
		// Keeps nothing of the request that happens to be the first
		Thread thread = new Thread(null, task, "llmcache-" + name, 0, false);
		thread.setContextClassLoader(Daemons.class.getClassLoader());
		thread.setDaemon(true);
		return thread;
	}

}
