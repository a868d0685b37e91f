package io.github.llmcache.faults.advisories;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Looks for known vulnerabilities of what published modules need at run time, in
 * advisories that somebody has downloaded. Needs no network.
 */
class KnownVulnerabilitiesTests {

	private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

	@Test
	void noDependencyHasAnyThatNobodyHasJudged() throws Exception {
		String path = System.getProperty("llmcache.advisories",
				System.getenv().getOrDefault("LLMCACHE_ADVISORIES", ""));
		assumeThat(path).as("Neither -Dllmcache.advisories nor LLMCACHE_ADVISORIES names a folder or zip of advisories")
			.isNotBlank();
		Advisories advisories = Advisories.read(ROOT.resolve(path));
		List<Dependency> dependencies = Dependency.readAll(ROOT.resolve(Path.of(".ci", "dependencies.txt")));
		List<String> problems = advisories.problems(dependencies,
				Advisories.readJudged(ROOT.resolve(Path.of(".ci", "advisories.txt"))));
		System.out.printf("%d dependencies, %d advisories, the newest of %s: %d to look at%n", dependencies.size(),
				advisories.all().size(), advisories.newest(), problems.size());
		assertThat(problems).as("Take a version without it, or say in .ci/advisories.txt why it does not concern us")
			.isEmpty();
	}

}
