package io.github.llmcache.benchmarks.harness;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RoundsTests {

	@Test
	void variantsAlternateAndTakeTurnsAtBeingFirst() throws Exception {
		List<String> order = new ArrayList<>();
		new Rounds(1, 2).run("benchmark", "unit", List.of(variant("a", order), variant("b", order)));
		assertThat(order).containsExactly("a0", "b0", "b1", "a1", "a2", "b2");
	}

	@Test
	void warmUpsAreNotCounted() throws Exception {
		List<Result> results = new Rounds(2, 3).run("benchmark", "unit", List.of(variant("a", new ArrayList<>())));
		assertThat(results).containsExactly(new Result("benchmark", "a", 1, "unit", new Summary(3, 2, 4)));
	}

	private static Variant variant(String name, List<String> order) {
		return new Variant(name, (round) -> {
			order.add(name + round);
			return round;
		});
	}

}
