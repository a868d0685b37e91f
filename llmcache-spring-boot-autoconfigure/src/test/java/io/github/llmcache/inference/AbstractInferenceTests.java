package io.github.llmcache.inference;

import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Base of the tests over real HTTP and a real database: each has an
 * {@link InferenceFixture} in a directory of its own.
 */
abstract class AbstractInferenceTests {

	@TempDir
	Path directory;

	InferenceFixture fixture;

	@BeforeEach
	void start() {
		this.fixture = new InferenceFixture(this.directory);
	}

	@AfterEach
	void stop() {
		this.fixture.close();
	}

}
