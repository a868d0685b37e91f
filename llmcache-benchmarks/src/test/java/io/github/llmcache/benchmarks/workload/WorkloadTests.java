package io.github.llmcache.benchmarks.workload;

import java.util.HashSet;
import java.util.Set;

import io.github.llmcache.ContentPart;
import io.github.llmcache.InferenceRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class WorkloadTests {

	@ParameterizedTest
	@EnumSource
	void sameSeedGivesTheSameData(Texts texts) {
		Workload workload = new Workload(texts, 7, 4096, 2048, 1);
		Workload same = new Workload(texts, 7, 4096, 2048, 1);
		Workload other = new Workload(texts, 8, 4096, 2048, 1);
		assertThat(workload.request(3)).isEqualTo(same.request(3)).isNotEqualTo(other.request(3));
		assertThat(workload.body(3)).isEqualTo(same.body(3)).isNotEqualTo(other.body(3));
	}

	@ParameterizedTest
	@EnumSource
	void requestsAreDifferentAndOfTheRightLength(Texts texts) {
		Workload workload = new Workload(texts, 7, 4096, 2048, 1);
		Set<InferenceRequest> requests = new HashSet<>();
		for (int number = 0; number < 1000; number++) {
			InferenceRequest request = workload.request(number);
			requests.add(request);
			assertThat(request.prompt()
				.messages()
				.stream()
				.flatMap((message) -> message.parts().stream())
				.mapToInt((part) -> ((ContentPart.Text) part).text().length())
				.sum()).isEqualTo(4096);
		}
		assertThat(requests).hasSize(1000);
	}

	@Test
	void questionsAboutOneDocumentBeginWithIt() {
		Workload workload = new Workload(Texts.ENGLISH, 7, 4096, 2048, 1).aboutOneDocument(3000);
		Set<String> prompts = new HashSet<>();
		for (int number = 0; number < 100; number++) {
			String prompt = userMessage(workload.request(number));
			assertThat(prompt).hasSize(4096 - 512).startsWith(workload.document());
			assertThat(prompt).isEqualTo(userMessage(workload.request(number)))
				.isNotSameAs(userMessage(workload.request(number)));
			prompts.add(prompt);
		}
		assertThat(prompts).hasSize(100);
		assertThat(workload.document()).hasSize(3000);
	}

	private static String userMessage(InferenceRequest request) {
		return ((ContentPart.Text) request.prompt().messages().get(1).parts().get(0)).text();
	}

	@ParameterizedTest
	@ValueSource(ints = { 4 * 1024, 160 * 1024 })
	void englishIsMadeFourToSixTimesSmaller(int length) {
		for (long seed = 0; seed < 3; seed++) {
			assertThat(new Workload(Texts.ENGLISH, seed, length, 2048, 1).compressionRatio()).isBetween(4.0, 6.0);
		}
	}

	@Test
	void repetitiveIsMadeMuchSmaller() {
		assertThat(new Workload(Texts.REPETITIVE, 1, 160 * 1024, 2048, 1).compressionRatio()).isGreaterThan(100);
	}

	@Test
	void bodyIsACompletionOfTheRequestsModel() {
		Workload workload = new Workload(Texts.ENGLISH, 7, 200, 2048, 20);
		JsonNode body = new JsonMapper().readTree(workload.body(21));
		assertThat(body.path("model").stringValue()).isEqualTo(workload.request(21).model()).isEqualTo("bench-model-1");
		assertThat(body.path("choices").path(0).path("message").path("content").stringValue()).hasSize(2048);
	}

}
