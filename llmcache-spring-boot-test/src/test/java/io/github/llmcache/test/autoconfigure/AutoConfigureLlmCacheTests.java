package io.github.llmcache.test.autoconfigure;

import java.nio.file.Path;
import java.util.List;

import io.github.llmcache.BatchInferenceApi;
import io.github.llmcache.CacheMissException;
import io.github.llmcache.CacheMode;
import io.github.llmcache.InferenceApi;
import io.github.llmcache.InferenceRequest;
import io.github.llmcache.autoconfigure.LlmCacheProperties;
import io.github.llmcache.autoconfigure.LlmCacheProperties.Backend;
import io.github.llmcache.cache.file.FileCacheStore;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.context.junit.jupiter.SpringExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link AutoConfigureLlmCache}.
 */
class AutoConfigureLlmCacheTests {

	private static final Path DIRECTORY = Path.of("src/test/resources/llmcache").toAbsolutePath();

	@Nested
	@SpringBootTest(classes = Application.class)
	@AutoConfigureLlmCache
	class WholeApplication {

		@Autowired
		private LlmCacheProperties properties;

		@Test
		void replaysFilesOfTheModule(@Autowired FileCacheStore store) {
			assertThat(this.properties.enabled()).isTrue();
			assertThat(this.properties.backend()).isEqualTo(Backend.FILE);
			assertThat(this.properties.mode()).isEqualTo(CacheMode.REPLAY);
			assertThat(this.properties.directory()).isEqualTo(DIRECTORY);
			assertThat(this.properties.timeToLive()).isNull();
			assertThat(this.properties.maintenance().enabled()).isFalse();
			assertThat(this.properties.history().enabled()).isFalse();
			assertThat(store).isNotNull();
		}

		@Test
		void asksNobody(@Autowired InferenceApi inference, @Autowired BatchInferenceApi batches) {
			assertThatExceptionOfType(CacheMissException.class).isThrownBy(() -> inference.ask("gpt-4o-mini", "Hello"));
			assertThat(batches.inferAll(List.of(InferenceRequest.builder("gpt-4o-mini").user("Hello").build()))
				.get(0)
				.failure()).isInstanceOf(CacheMissException.class);
			assertThat(DIRECTORY).doesNotExist();
		}

	}

	@Nested
	@ExtendWith(SpringExtension.class)
	@ContextConfiguration(classes = Plain.class)
	@AutoConfigureLlmCache(directory = "target/recorded")
	class WithoutAutoConfiguration {

		@Test
		void importsWhatItNeeds(@Autowired InferenceApi inference, @Autowired LlmCacheProperties properties) {
			assertThat(properties.directory()).isEqualTo(Path.of("target/recorded").toAbsolutePath());
			assertThatExceptionOfType(CacheMissException.class).isThrownBy(() -> inference.ask("gpt-4o-mini", "Hello"));
		}

	}

	@Nested
	@SpringBootTest(classes = Application.class, properties = "llmcache.directory=/somewhere/else")
	@TestPropertySource(properties = "llmcache.mode=read-only")
	@AutoConfigureLlmCache(mode = CacheMode.OFF)
	class WithPropertiesOfItsOwn {

		@Test
		void theyGoFirst(@Autowired LlmCacheProperties properties) {
			assertThat(properties.directory()).isEqualTo(Path.of("/somewhere/else"));
			assertThat(properties.mode()).isEqualTo(CacheMode.READ_ONLY);
		}

	}

	@Nested
	@SpringBootTest(classes = Application.class)
	@AutoConfigureLlmCache(mode = CacheMode.OFF)
	class WithAnotherMode {

		@Test
		void itIsSet(@Autowired LlmCacheProperties properties) {
			assertThat(properties.mode()).isEqualTo(CacheMode.OFF);
		}

	}

	@Nested
	@SpringBootTest(classes = Application.class)
	class WithoutTheAnnotation {

		@Test
		void nothingChanges(@Autowired Environment environment) {
			assertThat(environment.getProperty("llmcache.mode")).isEqualTo("refresh");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class Plain {

	}

}
