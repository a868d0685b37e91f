package io.github.llmcache.faults;

import java.util.List;
import java.util.Map;

import io.github.llmcache.faults.Survival.Line;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link ReliabilityReport}.
 */
class ReliabilityReportTests {

	@Test
	void tableHasALineOfEachFaultBelowItsArea() {
		String table = ReliabilityReport
			.table(List.of(new Line(Area.PROCESSES, "Killed", Map.of("kills", 1200L), 0, 0, 0),
					new Line(Area.DISK, "Filled", Map.of("rounds", 3L), 1, 2, 3)));
		assertThat(table.lines()).containsExactly("| What was done | How much of it | Lost | Wrong | Thrown |",
				"|---|---|--:|--:|--:|", "| **Killed processes** | | | | |", "| Killed | 1,200 kills | 0 | 0 | 0 |",
				"| **Full disk** | | | | |", "| Filled | 3 rounds | 1 | 2 | 3 |",
				"| **All of it** | | **1** | **2** | **3** |");
	}

	@Test
	void documentIsChangedBetweenItsMarks() {
		String document = "before\n" + ReliabilityReport.BEGIN + "\nold\n" + ReliabilityReport.END + "\nafter\n";
		assertThat(ReliabilityReport.replace(document, "new\n"))
			.isEqualTo("before\n" + ReliabilityReport.BEGIN + "\nnew\n" + ReliabilityReport.END + "\nafter\n");
		assertThatIllegalStateException().isThrownBy(() -> ReliabilityReport.replace("unmarked", "new"));
	}

}
