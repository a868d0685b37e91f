package io.github.llmcache.cache;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link UserDirectory}.
 */
class UserDirectoryTests {

	private final Map<String, String> environment = new HashMap<>(Map.of("user.home", "/home/me"));

	@Test
	void isInTheUsersFolderForCaches() {
		assertThat(UserDirectory.find(this.environment::get)).isEqualTo(Path.of("/home/me/.cache/llmcache"));
	}

	@Test
	void xdgCacheHomeIsHonoured() {
		this.environment.put("XDG_CACHE_HOME", "/caches");
		assertThat(UserDirectory.find(this.environment::get)).isEqualTo(Path.of("/caches/llmcache"));
		this.environment.remove("user.home");
		assertThat(UserDirectory.find(this.environment::get)).isEqualTo(Path.of("/caches/llmcache"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "caches", "./caches", "../caches" })
	void xdgCacheHomeThatIsNoAbsolutePathIsIgnored(String value) {
		this.environment.put("XDG_CACHE_HOME", value);
		assertThat(UserDirectory.find(this.environment::get)).isEqualTo(Path.of("/home/me/.cache/llmcache"));
	}

	@Test
	void xdgCacheHomeThatIsNoPathIsExplained() {
		this.environment.put("XDG_CACHE_HOME", "/caches\0");
		assertThatIllegalStateException().isThrownBy(() -> UserDirectory.find(this.environment::get))
			.withMessageContaining("XDG_CACHE_HOME");
	}

	@Test
	void missingHomeIsExplained() {
		assertThatIllegalStateException().isThrownBy(() -> UserDirectory.find((name) -> null))
			.withMessageContaining("home");
		this.environment.put("user.home", " ");
		assertThatIllegalStateException().isThrownBy(() -> UserDirectory.find(this.environment::get));
	}

}
