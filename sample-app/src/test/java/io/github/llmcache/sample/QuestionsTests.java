package io.github.llmcache.sample;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class QuestionsTests {

	@Test
	void areManyAndDifferent() {
		assertThat(Questions.load()).hasSizeGreaterThanOrEqualTo(220)
			.doesNotHaveDuplicates()
			.allSatisfy((question) -> assertThat(question).hasSizeBetween(10, 200).doesNotStartWith("#"));
	}

	@Test
	void makesTheSameQuestionTheSameRequest() {
		assertThat(Questions.request("m", "Why?")).isEqualTo(Questions.request("m", "Why?"))
			.isNotEqualTo(Questions.request("m", "How?"));
	}

}
