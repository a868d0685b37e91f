package io.github.llmcache.benchmarks.contender;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.github.llmcache.benchmarks.workload.Workload;

/**
 * All contenders, with the same entries.
 */
public final class Contenders implements AutoCloseable {

	private static final long PORTION_BYTES = 8_000_000;

	private final List<Contender> contenders = new ArrayList<>();

	/**
	 * Create all contenders.
	 * @param directory where they keep their files
	 * @throws Exception if one cannot be created
	 */
	public Contenders(Path directory) throws Exception {
		this.contenders.add(new Floor(directory));
		LlmCache ours = new LlmCache(directory.resolve("llmcache"));
		this.contenders.add(ours);
		this.contenders.add(ours.lookups());
		this.contenders.add(new RocksDbPeer(directory));
		this.contenders.add(new MvStorePeer(directory));
		this.contenders.add(new EhcachePeer(directory));
		this.contenders.add(new FilesPeer(directory));
		this.contenders.add(new CaffeinePeer());
	}

	/**
	 * Return the contenders.
	 * @return all of them, the one that others are compared with first
	 */
	public List<Contender> all() {
		return this.contenders;
	}

	/**
	 * Store the first entries of a workload with everybody.
	 * @param workload the workload
	 * @param entries how many entries
	 * @throws Exception if that fails
	 */
	public void populate(Workload workload, int entries) throws Exception {
		for (Contender contender : this.contenders) {
			populate(contender, workload, entries);
		}
	}

	/**
	 * Store the first entries of a workload.
	 * @param contender where to store them
	 * @param workload the workload
	 * @param entries how many entries
	 * @throws Exception if that fails
	 */
	public static void populate(Contender contender, Workload workload, long entries) throws Exception {
		long portion = Math.max(1,
				Math.min(10_000, PORTION_BYTES / (workload.promptLength() + workload.completionLength())));
		for (long from = 0; from < entries; from += portion) {
			contender.store(workload.exchanges(from, Math.min(entries, from + portion)));
		}
	}

	@Override
	public void close() throws IOException {
		for (Contender contender : this.contenders) {
			contender.close();
		}
	}

}
