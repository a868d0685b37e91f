package io.github.llmcache.benchmarks.contender;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.github.llmcache.benchmarks.workload.Exchange;
import io.github.llmcache.benchmarks.workload.Workload;

/**
 * Contenders with the same entries.
 */
public final class Contenders implements AutoCloseable {

	private static final int PORTION_BYTES = 8_000_000;

	private final List<Contender> contenders = new ArrayList<>();

	private Contenders(Path directory) throws Exception {
		this.contenders.add(new Floor(directory));
		LlmCache ours = new LlmCache(directory.resolve("llmcache"));
		this.contenders.add(ours);
		this.contenders.add(ours.lookups());
	}

	/**
	 * Create all contenders.
	 * @param directory where they keep their files
	 * @return the contenders
	 * @throws Exception if one cannot be created
	 */
	public static Contenders all(Path directory) throws Exception {
		Contenders all = floorAndOurs(directory);
		all.contenders.add(new RocksDbPeer(directory));
		all.contenders.add(new MvStorePeer(directory));
		all.contenders.add(new EhcachePeer(directory));
		all.contenders.add(new FilesPeer(directory));
		all.contenders.add(new CaffeinePeer());
		return all;
	}

	/**
	 * Create the floor and llmcache, without other stores.
	 * @param directory where they keep their files
	 * @return the contenders
	 * @throws Exception if one cannot be created
	 */
	public static Contenders floorAndOurs(Path directory) throws Exception {
		return new Contenders(directory);
	}

	/**
	 * Return the contenders.
	 * @return all of them, the one that others are compared with first
	 */
	public List<Contender> list() {
		return this.contenders;
	}

	/**
	 * Store the first entries of a workload with everybody.
	 * @param workload the workload
	 * @param entries how many entries
	 * @throws Exception if that fails
	 */
	public void populate(Workload workload, int entries) throws Exception {
		populate(this.contenders, workload, entries);
	}

	/**
	 * Store the first entries of a workload.
	 * @param contender where to store them
	 * @param workload the workload
	 * @param entries how many entries
	 * @throws Exception if that fails
	 */
	public static void populate(Contender contender, Workload workload, int entries) throws Exception {
		populate(List.of(contender), workload, entries);
	}

	private static void populate(List<Contender> contenders, Workload workload, int entries) throws Exception {
		int portion = Math.max(1,
				Math.min(10_000, PORTION_BYTES / (workload.promptLength() + workload.completionLength())));
		for (int from = 0; from < entries; from += portion) {
			List<Exchange> exchanges = workload.exchanges(from, Math.min(entries, from + portion));
			for (Contender contender : contenders) {
				contender.store(exchanges);
			}
		}
	}

	@Override
	public void close() throws IOException {
		for (Contender contender : this.contenders) {
			contender.close();
		}
	}

}
