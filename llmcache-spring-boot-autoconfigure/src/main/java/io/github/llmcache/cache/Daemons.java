package io.github.llmcache.cache;

/**
 * Creates the threads with which stores work in the background.
 */
public final class Daemons {

	private Daemons() {
	}

	/**
	 * Create a thread that keeps nothing of the one that happens to need it first, and
	 * does not keep the process from ending.
	 * @param name its name
	 * @param task what it does
	 * @return the thread, not started
	 */
	public static Thread create(String name, Runnable task) {
		Thread thread = new Thread(null, task, name, 0, false);
		thread.setContextClassLoader(Daemons.class.getClassLoader());
		thread.setDaemon(true);
		return thread;
	}

	/**
	 * Start a thread whose work can be done without it, or later.
	 * @param thread the thread
	 * @return whether it has been started: not if the operating system has no more
	 */
	public static boolean start(Thread thread) {
		try {
			thread.start();
			return true;
		}
		catch (OutOfMemoryError ex) {
			return false;
		}
	}

}
