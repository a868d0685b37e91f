package io.github.llmcache.inference;

import java.nio.file.Path;
import java.util.List;

import io.github.llmcache.InferenceBatch;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.InferenceResponse.Source;
import io.github.llmcache.InferenceResult;
import io.github.llmcache.NamespaceResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.github.llmcache.inference.BatchFixture.requests;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for batches whose namespace a {@link NamespaceResolver} decides.
 */
class NamespaceOfBatchesTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	Path directory;

	private String tenant = "alice";

	@SuppressWarnings("NullAway.Init")
	private BatchFixture fixture;

	@BeforeEach
	void start() {
		this.fixture = new BatchFixture(this.directory);
		this.fixture.resolveNamespaces((requested) -> {
			if (this.tenant.isEmpty()) {
				throw new IllegalStateException("Nobody is logged in");
			}
			return this.tenant;
		});
	}

	@AfterEach
	void close() {
		this.fixture.close();
	}

	@Test
	void batchIsOfWhoeverSubmittedItWhoeverWaitsForIt() {
		List<InferenceRequest> requests = requests(3);
		InferenceBatch batch = this.fixture.api.submit(requests);
		this.tenant = "";
		this.fixture.batches.end();
		assertThat(batch.await()).extracting(InferenceResult::request).isEqualTo(requests);
		assertThatIllegalStateException().isThrownBy(() -> this.fixture.api.submit(requests));
		this.tenant = "bob";
		assertThat(this.fixture.online.infer(requests.get(0)).source()).isEqualTo(Source.PROVIDER);
		this.tenant = "alice";
		assertThat(this.fixture.online.infer(requests.get(0)).source()).isEqualTo(Source.CACHE);
		assertThat(this.fixture.cache.statistics("alice").total().writes()).isEqualTo(3);
	}

	@Test
	void batchIsResumedByItsTenantOnly() {
		List<InferenceRequest> requests = requests(2);
		this.fixture.api.submit(requests);
		this.fixture.restart();
		this.tenant = "bob";
		InferenceBatch other = this.fixture.api.submit(requests);
		this.tenant = "alice";
		InferenceBatch resumed = this.fixture.api.submit(requests);
		assertThat(this.fixture.batches.ids()).hasSize(2);
		assertThat(other.batches()).doesNotContainAnyElementsOf(resumed.batches());
		this.fixture.batches.end();
		assertThat(resumed.await()).allMatch(InferenceResult::succeeded);
		assertThat(other.await()).allMatch(InferenceResult::succeeded);
	}

}
