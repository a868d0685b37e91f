package io.github.llmcache.sample;

import java.util.List;

import io.github.llmcache.InferenceApi;
import io.github.llmcache.InferenceResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.util.StringUtils;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Answers questions over HTTP.
 */
@RestController
class QuestionController {

	static final int MAX_QUESTION_LENGTH = 2000;

	static final int MAX_MODEL_LENGTH = 200;

	private static final int LATEST = 50;

	private final InferenceApi inference;

	private final ModelChoice choice;

	private final QuestionLog log;

	QuestionController(InferenceApi inference, ModelChoice choice, QuestionLog log) {
		this.inference = inference;
		this.choice = choice;
		this.log = log;
	}

	@GetMapping("/ask")
	Answer ask(@RequestParam(name = "q", required = false) @Nullable String question,
			@RequestParam(required = false) @Nullable String model) {
		if (!StringUtils.hasText(question)) {
			throw badRequest("The parameter 'q' is missing: /ask?q=Why+is+the+sky+blue%3F");
		}
		if (question.length() > MAX_QUESTION_LENGTH) {
			throw badRequest("The parameter 'q' is longer than " + MAX_QUESTION_LENGTH + " characters");
		}
		if (model != null && model.length() > MAX_MODEL_LENGTH) {
			throw badRequest("The parameter 'model' is longer than " + MAX_MODEL_LENGTH + " characters");
		}
		String asked = StringUtils.hasText(model) ? model : this.choice.model();
		long start = System.nanoTime();
		InferenceResponse response = this.inference.infer(Questions.request(asked, question));
		double milliseconds = Math.round((System.nanoTime() - start) / 1e4) / 1e2;
		this.log.add(question, asked, response.cached());
		return new Answer(response.text(), response.cached(), response.cost(), response.savedCost(), milliseconds,
				asked);
	}

	@GetMapping("/questions")
	List<AskedQuestion> latest() {
		return this.log.latest(LATEST);
	}

	private static ErrorResponseException badRequest(String detail) {
		ErrorResponseException exception = new ErrorResponseException(HttpStatus.BAD_REQUEST);
		exception.setDetail(detail);
		return exception;
	}

}
