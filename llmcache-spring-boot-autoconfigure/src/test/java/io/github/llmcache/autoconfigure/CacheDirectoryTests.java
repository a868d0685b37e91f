package io.github.llmcache.autoconfigure;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link CacheDirectory}.
 */
class CacheDirectoryTests {

	private final MockEnvironment environment = new MockEnvironment().withProperty("user.home", "/home/me");

	@Test
	void configuredDirectoryIsUsed() {
		this.environment.setProperty("XDG_CACHE_HOME", "/caches");
		assertThat(CacheDirectory.resolve(Path.of("/data/../cache"), this.environment)).isEqualTo(Path.of("/cache"));
	}

	@Test
	void otherwiseItIsInTheUsersFolderForCaches() {
		assertThat(CacheDirectory.resolve(null, this.environment)).isEqualTo(Path.of("/home/me/.cache/llmcache"));
	}

	@Test
	void xdgCacheHomeIsHonoured() {
		this.environment.setProperty("XDG_CACHE_HOME", "/caches");
		assertThat(CacheDirectory.resolve(null, this.environment)).isEqualTo(Path.of("/caches/llmcache"));
	}

	@Test
	void relativeXdgCacheHomeIsIgnored() {
		this.environment.setProperty("XDG_CACHE_HOME", "caches");
		assertThat(CacheDirectory.resolve(null, this.environment)).isEqualTo(Path.of("/home/me/.cache/llmcache"));
	}

	@Test
	void missingHomeIsExplained() {
		assertThatExceptionOfType(LlmCacheConfigurationException.class)
			.isThrownBy(() -> CacheDirectory.resolve(null, new MockEnvironment()))
			.withMessageContaining("llmcache.directory");
	}

}
