package io.github.llmcache.inference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.github.llmcache.InferenceBatch;
import io.github.llmcache.InferenceException;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResult;
import io.github.llmcache.InvalidRequestException;
import io.github.llmcache.MalformedResponseException;
import io.github.llmcache.ProviderException;
import io.github.llmcache.RateLimitException;
import io.github.llmcache.provider.BatchFormat;
import io.github.llmcache.provider.Reply;
import io.github.llmcache.provider.StandInProvider;
import io.github.llmcache.provider.StandInProvider.ReceivedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.llmcache.inference.BatchFixture.CLAUDE;
import static io.github.llmcache.inference.BatchFixture.MODEL;
import static io.github.llmcache.inference.BatchFixture.builder;
import static io.github.llmcache.inference.BatchFixture.requests;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What goes wrong with batches neither loses an answer that was paid for, nor pays for
 * one twice.
 */
class BatchFailuresTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	Path directory;

	@SuppressWarnings("NullAway.Init")
	BatchFixture fixture;

	@BeforeEach
	void start() {
		this.fixture = new BatchFixture(this.directory);
		this.fixture.batches.end();
	}

	@AfterEach
	void stop() {
		this.fixture.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { MODEL, CLAUDE })
	void linesThatAreNoResultsOfOursAreLeftOut(String model) {
		this.fixture.batches.lines((lines) -> {
			List<String> more = new ArrayList<>(List.of("not JSON", "[]", "{}", "", "  \r", "{\"custom_id\": 7}",
					"{\"custom_id\": \"../../x\"}", "x".repeat(BatchFixture.MAX_ENTRY_SIZE + 1)));
			more.add(lines.get(0).replaceFirst("\"custom_id\":\"[0-9a-f]{8}", "\"custom_id\":\"00000000"));
			more.addAll(lines);
			lines.forEach((line) -> more.add(line.replace("Answer to", "Another answer to")));
			return more;
		});
		assertAnswered(this.fixture.api.inferAll(requests(model, 5)));
		assertThat(this.fixture.journalFiles()).isEmpty();
	}

	@ParameterizedTest
	@MethodSource
	void resultThatCannotBeReadIsFetchedAgainAndNotAskedAgain(UnaryOperator<String> damage) {
		this.fixture.batches.lines((lines) -> lines.stream()
			.map((line) -> line.contains("Question 1\"") ? damage.apply(line) : line)
			.toList());
		List<InferenceResult> results = this.fixture.api.inferAll(requests(3));
		assertThat(results.get(0).succeeded()).isTrue();
		assertThat(results.get(1).failure()).hasMessageContaining("fetched again by the next run");
		assertThat(this.fixture.api.underWay()).singleElement()
			.satisfies((batch) -> assertThat(batch.requests()).isOne());
		this.fixture.batches.lines(UnaryOperator.identity());
		assertAnswered(this.fixture.api.inferAll(requests(3)));
		assertThat(this.fixture.batches.ids()).hasSize(1);
		assertThat(this.fixture.journalFiles()).isEmpty();
	}

	static Stream<UnaryOperator<String>> resultThatCannotBeReadIsFetchedAgainAndNotAskedAgain() {
		return Stream.of((line) -> "{\"custom_id\":", (line) -> " ", (line) -> line.replace("custom_id", "id"),
				(line) -> line.replace("\"status_code\":200", "\"status_code\":1e99999999"),
				(line) -> line.replace("\"body\":{", "\"body\":[{").replace("},\"error\"", "]},\"error\""),
				(line) -> line.replace("Question 1", "x".repeat(BatchFixture.MAX_ENTRY_SIZE)));
	}

	@ParameterizedTest
	@MethodSource
	void resultsThatBreakOffAreFetchedAgainAtOnce(UnaryOperator<Reply> damage) {
		this.fixture.batches.results(damage);
		assertAnswered(this.fixture.api.inferAll(requests(20)));
		assertThat(this.fixture.batches.ids()).hasSize(1);
		assertThat(this.fixture.cache.statistics().total().spentNanos()).isEqualTo(20 * 110_000);
	}

	static Stream<UnaryOperator<Reply>> resultsThatBreakOffAreFetchedAgainAtOnce() {
		return Stream.of((reply) -> reply.cutOffAfter(1500), (reply) -> reply.chunked().cutOffAfter(1500),
				(reply) -> Reply.raw("HTTP/1.1 200 OK\r\n\r\n{\"custom_id\":\"00"), (reply) -> Reply.status(503),
				(reply) -> Reply.disconnect(), (reply) -> Reply.status(200),
				(reply) -> reply.header("Content-Encoding", "gzip"), (reply) -> reply.header("Content-Encoding", "br"));
	}

	@Test
	void resultsThatCannotBeFetchedAreFetchedByTheNextRun() {
		for (int i = 0; i < 3; i++) {
			this.fixture.batches.results((reply) -> reply.cutOffAfter(1500));
		}
		List<InferenceResult> results = this.fixture.api.inferAll(requests(20));
		assertThat(results).filteredOn(InferenceResult::succeeded).isNotEmpty();
		assertThat(results).filteredOn((result) -> !result.succeeded())
			.isNotEmpty()
			.extracting(InferenceResult::failure)
			.hasOnlyElementsOfType(MalformedResponseException.class);
		this.fixture.restart();
		assertAnswered(this.fixture.api.inferAll(requests(20)));
		assertThat(this.fixture.batches.ids()).hasSize(1);
	}

	@Test
	void resultsThatAreGoneAreNotAskedAgainUnlessSomebodyWantsIt() {
		this.fixture.batches.results((reply) -> Reply.openAiError(404, "invalid_request_error", null, "No such File"));
		assertThat(this.fixture.api.inferAll(requests(2)).get(0).failure()).hasMessageContaining("has not kept")
			.hasMessageContaining(this.fixture.journalFiles().get(0).toString());
	}

	@Test
	void pageInThePlaceOfResultsLosesNothing() {
		this.fixture.batches
			.results((reply) -> Reply.status(200).body("text/html", "<html>\n<h1>Please log in</h1>\n</html>\n"));
		assertThat(this.fixture.api.inferAll(requests(3))).noneMatch(InferenceResult::succeeded);
		assertAnswered(this.fixture.api.inferAll(requests(3)));
		assertThat(this.fixture.batches.ids()).hasSize(1);
	}

	@Test
	void zippedResultsAreRead() {
		this.fixture.batches.results((reply) -> reply.zipped());
		assertAnswered(this.fixture.api.inferAll(requests(3)));
	}

	@Test
	void keyDoesNotFollowARedirect() {
		try (StandInProvider elsewhere = StandInProvider.start()) {
			this.fixture.batches.results((reply) -> Reply.redirect(302, elsewhere.baseUrl() + "/files/x/content"));
			assertThat(this.fixture.api.inferAll(requests(1)).get(0).failure()).hasMessageContaining("redirect");
			assertThat(elsewhere.requestCount()).isZero();
		}
	}

	@Test
	void answerThatIsNoneFailsAndIsAskedAgain() {
		this.fixture.batches
			.lines((lines) -> lines.stream().map((line) -> line.replace("\"choices\"", "\"voices\"")).toList());
		assertThat(this.fixture.api.inferAll(requests(1)).get(0).failure())
			.isInstanceOf(MalformedResponseException.class);
		this.fixture.batches.lines(UnaryOperator.identity());
		assertAnswered(this.fixture.api.inferAll(requests(1)));
		assertThat(this.fixture.batches.ids()).hasSize(2);
	}

	@ParameterizedTest
	@ValueSource(strings = { MODEL, CLAUDE })
	void batchWhoseCreationWasNotAnsweredIsFound(String model) {
		AtomicInteger lost = new AtomicInteger();
		this.fixture.standIn.answer((request) -> {
			Reply reply = this.fixture.batches.apply(request);
			return (isCreation(request) && lost.getAndIncrement() == 0) ? Reply.disconnect() : reply;
		});
		assertAnswered(this.fixture.api.inferAll(requests(model, 3)));
		assertThat(this.fixture.batches.ids()).hasSize(1);
	}

	@Test
	void batchOfWhichNobodyCanHearIsNotCreatedAgain() {
		this.fixture.standIn.answer((request) -> {
			if (request.path().contains("/batches?")) {
				return Reply.status(404);
			}
			Reply reply = this.fixture.batches.apply(request);
			return isCreation(request) ? Reply.disconnect() : reply;
		});
		assertThat(this.fixture.api.inferAll(requests(3))).noneMatch(InferenceResult::succeeded);
		assertThat(this.fixture.journalFiles()).hasSize(1);
		this.fixture.standIn.answer(this.fixture.batches);
		assertAnswered(this.fixture.api.inferAll(requests(3)));
		assertThat(this.fixture.batches.ids()).hasSize(1);
		assertThat(this.fixture.journalFiles()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { MODEL, CLAUDE })
	void batchWhoseCreatorDiedIsFoundByTheNextRun(String model) throws IOException {
		this.fixture.api.submit(requests(model, 1));
		this.fixture.api.submit(requests(model, 4).subList(1, 4));
		this.fixture.api.submit(requests(model, 6).subList(4, 6));
		for (Path file : this.fixture.journalFiles()) {
			String record = Files.readString(file);
			Files.writeString(file, record.replaceFirst("(?m)^batch .*_2$", "batch "));
		}
		this.fixture.restart();
		assertThat(this.fixture.api.underWay()).hasSize(2);
		assertAnswered(this.fixture.api.inferAll(requests(model, 6)));
		assertThat(this.fixture.batches.ids()).hasSize(3);
		assertThat(this.fixture.journalFiles()).isEmpty();
	}

	@Test
	void batchThatWasNeverCreatedIsCreated() throws IOException {
		forgetCreation(MODEL, Duration.ofHours(1));
		this.fixture.batches.forget();
		assertAnswered(this.fixture.api.inferAll(requests(3)));
		assertThat(this.fixture.batches.ids()).hasSize(1);
		assertThat(this.fixture.journalFiles()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { MODEL, CLAUDE })
	void batchThatWasSentJustBeforeItsCreatorDiedIsFound(String model) throws IOException {
		forgetCreation(model, Duration.ofMinutes(1));
		AtomicInteger lists = new AtomicInteger();
		this.fixture.standIn.answer((request) -> (request.path().contains("/batches?") && lists.getAndIncrement() < 3)
				? Reply.ok("{\"data\":[],\"has_more\":false}") : this.fixture.batches.apply(request));
		assertAnswered(this.fixture.api.inferAll(requests(model, 3)));
		assertThat(this.fixture.batches.ids()).hasSize(1);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { MODEL + "|{\"data\":[{\"id\":\"batch_x\",\"created_at\":32503680000}],\"has_more\":true}",
					CLAUDE + "|{\"data\":[{\"id\":\"msgbatch_x\",\"created_at\":\"2999-01-01T00:00:00Z\"}],"
							+ "\"has_more\":true}",
					CLAUDE + "|{\"data\":[{\"id\":\"msgbatch_x\"}],\"has_more\":false}" })
	void nothingIsCreatedAgainAfterAListThatDoesNotSay(String model, String list) throws IOException {
		forgetCreation(model, Duration.ofHours(1));
		this.fixture.standIn.answer((request) -> request.path().contains("/batches?") ? Reply.ok(list)
				: this.fixture.batches.apply(request));
		assertThat(this.fixture.api.inferAll(requests(model, 3))).extracting(InferenceResult::failure)
			.hasOnlyElementsOfType(MalformedResponseException.class);
		assertThat(this.fixture.batches.ids()).hasSize(1);
		assertThat(this.fixture.journalFiles()).hasSize(1);
	}

	@Test
	void answersAreStoredIfTheRecordIsDamagedWhileTheyAreWaitedFor() throws IOException {
		InferenceBatch batch = this.fixture.api.submit(requests(3));
		Files.writeString(this.fixture.journalFiles().get(0), "nonsense");
		assertAnswered(batch.await());
		assertThat(this.fixture.online.infer(requests(3).get(1)).cached()).isTrue();
	}

	@Test
	void batchesThatCannotBeToldApartAreLeftToThePeople() throws IOException {
		Path record = forgetCreation(CLAUDE, Duration.ofMinutes(1));
		this.fixture.batches.apply(this.fixture.standIn.requests().get(0));
		List<InferenceResult> results = this.fixture.api.inferAll(requests(CLAUDE, 3));
		assertThat(results.get(0).failure()).hasMessageContaining("msgbatch_1").hasMessageContaining(record.toString());
		assertThat(this.fixture.batches.ids()).hasSize(2);
		Files.writeString(record, Files.readString(record).replaceFirst("(?m)^batch $", "batch msgbatch_1"));
		assertAnswered(this.fixture.api.inferAll(requests(CLAUDE, 3)));
	}

	/**
	 * Submit three requests, and forget for how long the answer has not come.
	 */
	private Path forgetCreation(String model, Duration age) throws IOException {
		this.fixture.api.submit(requests(model, 3));
		Path file = this.fixture.journalFiles().get(0);
		Files.writeString(file,
				Files.readString(file)
					.replaceFirst("(?m)^batch .*$", "batch ")
					.replaceFirst("(?m)^created .*$", "created " + Instant.now().minus(age)));
		return file;
	}

	@Test
	void refusedBatchLeavesNothingBehind() {
		this.fixture.standIn
			.answer((request) -> isCreation(request) ? Reply.rateLimited("0") : this.fixture.batches.apply(request));
		assertThat(this.fixture.api.inferAll(requests(2))).extracting(InferenceResult::failure)
			.hasOnlyElementsOfType(RateLimitException.class);
		assertThat(this.fixture.journalFiles()).isEmpty();
		this.fixture.standIn.answer(this.fixture.batches);
		assertAnswered(this.fixture.api.inferAll(requests(2)));
	}

	@Test
	void providerWithoutBatchesSaysSo() {
		this.fixture.standIn.answer((request) -> Reply.status(404));
		assertThat(this.fixture.api.inferAll(requests(2))).extracting(InferenceResult::failure)
			.hasOnlyElementsOfType(InvalidRequestException.class);
		assertThat(this.fixture.journalFiles()).isEmpty();
	}

	@Test
	void batchThatItsProviderDoesNotKnowIsNotAskedAgainUnlessSomebodyWantsIt() throws IOException {
		this.fixture.api.submit(requests(2));
		this.fixture.batches.forget();
		Path record = this.fixture.journalFiles().get(0);
		for (int run = 0; run < 2; run++) {
			assertThat(this.fixture.api.inferAll(requests(2)).get(0).failure()).hasMessageContaining("batch_1")
				.hasMessageContaining(record.toString())
				.hasCauseInstanceOf(ProviderException.class);
		}
		assertThat(this.fixture.batches.ids()).isEmpty();
		Files.delete(record);
		assertAnswered(this.fixture.api.inferAll(requests(2)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "nonsense", "llmcache-batch 2\n", "llmcache-batch 1\nprovider openai\n",
			"llmcache-batch 1\nprovider openai\ncreated yesterday\nbatch x\nrequests 1\nkeys 0\n",
			"llmcache-batch 1\nprovider %zz\ncreated 2026-01-01T00:00:00Z\nbatch x\nrequests 1\nkeys 0\n",
			"llmcache-batch 1\nprovider openai\ncreated 2026-01-01T00:00:00Z\nbatch x\nrequests many\nkeys 0\n",
			"llmcache-batch 1\nprovider openai\ncreated 2026-01-01T00:00:00Z\nbatch ../x\nrequests 1\nkeys 0\n",
			"llmcache-batch 1\nprovider openai\ncreated 2026-01-01T00:00:00Z\nbatch x\nrequests 1\nkeys 1\n" })
	void nothingIsPaidForWhileARecordCannotBeRead(String damaged) throws IOException {
		assertAnswered(this.fixture.api.inferAll(requests(1)));
		Path record = Files.writeString(this.fixture.journal().resolve("damaged.batch"), damaged);
		List<InferenceResult> results = this.fixture.api.inferAll(requests(2));
		assertThat(results.get(0).orElseThrow().cached()).isTrue();
		assertThat(results.get(1).failure()).hasMessageContaining(record.toString());
		assertThat(this.fixture.batches.ids()).hasSize(1);
		Files.delete(record);
		assertAnswered(this.fixture.api.inferAll(requests(2)));
	}

	@Test
	void nothingIsPaidForWithoutAJournal() throws IOException {
		Files.writeString(this.fixture.journal(), "in the way");
		assertThat(this.fixture.api.inferAll(requests(2))).extracting(InferenceResult::failure)
			.hasOnlyElementsOfType(InferenceException.class)
			.allSatisfy((failure) -> assertThat(failure).hasMessageContaining(this.fixture.journal().toString()));
		assertThat(this.fixture.standIn.requestCount()).isZero();
	}

	@Test
	void itemsThatSomebodyHasLeftBehindAreDeleted() throws IOException {
		assertAnswered(this.fixture.api.inferAll(requests(1)));
		Files.writeString(this.fixture.journal().resolve("killed.items"), "a prompt");
		assertAnswered(this.fixture.api.inferAll(requests(2)));
		assertThat(this.fixture.journalFiles()).isEmpty();
	}

	@Test
	void batchesAreSplitByTheNumberOfRequests() {
		withFormat(new BatchFormat(3, 1_000_000, true, '\n'));
		assertAnswered(this.fixture.api.inferAll(requests(8)));
		assertThat(this.fixture.batches.questions()).extracting(List::size).containsExactly(3, 3, 2);
		assertThat(this.fixture.batches.fileCount()).isEqualTo(6);
	}

	@Test
	void batchesAreSplitByTheirBytes() {
		withFormat(new BatchFormat(100, 2000, true, '\n'));
		List<InferenceRequest> requests = new ArrayList<>();
		for (int i = 0; i < 6; i++) {
			requests.add(builder(MODEL, "x".repeat(300) + i).build());
		}
		requests.add(builder(MODEL, "y".repeat(2000)).build());
		requests.add(builder(MODEL, "z").build());
		List<InferenceResult> results = this.fixture.api.inferAll(requests);
		assertThat(results.get(6).failure()).isInstanceOf(InvalidRequestException.class)
			.hasMessageContaining("larger than a batch");
		assertThat(results).filteredOn(InferenceResult::succeeded).hasSize(7);
		assertThat(this.fixture.standIn.requests()).filteredOn((request) -> request.path().equals("/v1/files"))
			.hasSizeGreaterThan(1)
			.allSatisfy((request) -> assertThat(request.body()).hasSizeLessThan(2500));
	}

	@Test
	void partThatFailsDoesNotLoseTheOthers() {
		withFormat(new BatchFormat(3, 1_000_000, true, '\n'));
		AtomicInteger created = new AtomicInteger();
		Predicate<ReceivedRequest> second = (request) -> isCreation(request) && created.incrementAndGet() == 2;
		this.fixture.standIn.answer((request) -> second.test(request)
				? Reply.openAiError(400, "invalid_request_error", null, "no") : this.fixture.batches.apply(request));
		List<InferenceResult> results = this.fixture.api.inferAll(requests(9));
		assertThat(results.subList(3, 6)).extracting(InferenceResult::failure)
			.hasOnlyElementsOfType(InvalidRequestException.class);
		assertThat(results).filteredOn(InferenceResult::succeeded).hasSize(6);
	}

	private void withFormat(BatchFormat format) {
		this.fixture.close();
		this.fixture = new BatchFixture(this.directory, List.of(new FormattedBatches(format)));
		this.fixture.batches.end();
	}

	private static boolean isCreation(ReceivedRequest request) {
		return request.method().equals("POST") && request.path().endsWith("/batches");
	}

	private static void assertAnswered(List<InferenceResult> results) {
		for (InferenceResult result : results) {
			assertThat(result.orElseThrow().text())
				.isEqualTo("Answer to " + result.request().prompt().messages().get(0).text());
		}
	}

}
