package io.github.llmcache.faults.lifecycle;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import com.sun.management.UnixOperatingSystemMXBean;

/**
 * What this process takes.
 *
 * @param threads the names of its threads
 * @param files how many files and connections are open
 * @param heap the bytes of the heap that are in use after a garbage collection
 */
record Footprint(List<String> threads, long files, long heap) {

	/**
	 * Measure. Threads of HTTP clients end when the clients are collected.
	 */
	static Footprint measure() {
		System.gc();
		// What is only softly reachable and was used since the last one stays
		System.gc();
		Runtime runtime = Runtime.getRuntime();
		long heap = runtime.totalMemory() - runtime.freeMemory();
		long files = (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix)
				? unix.getOpenFileDescriptorCount() : 0;
		return new Footprint(
				Thread.getAllStackTraces().keySet().stream().map(Thread::getName).filter(Footprint::isLasting).toList(),
				files, heap);
	}

	/**
	 * Those of the provider that stands in come and go.
	 */
	private static boolean isLasting(String name) {
		return !name.equals("stand-in-provider");
	}

	/**
	 * Return which files of a directory are open, where the operating system tells.
	 */
	static List<String> openFilesIn(Path directory) {
		List<String> open = new ArrayList<>();
		File[] descriptors = new File("/proc/self/fd").listFiles();
		for (File descriptor : (descriptors != null) ? descriptors : new File[0]) {
			try {
				String target = Files.readSymbolicLink(descriptor.toPath()).toString();
				if (target.startsWith(directory.toString())) {
					open.add(target);
				}
			}
			catch (IOException ex) {
				// Closed meanwhile
			}
		}
		return open;
	}

}
