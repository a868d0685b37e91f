package io.github.llmcache.autoconfigure.endpoint;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what the web page shows where there is nothing to show, or it may not be
 * shown.
 */
class WebPageStateTests extends AbstractWebPageTests {

	@TempDir
	static Path nothing;

	private static ConfigurableApplicationContext empty;

	@TempDir
	Path directory;

	private @Nullable ConfigurableApplicationContext application;

	@BeforeAll
	static void startEmpty() {
		empty = run(nothing);
	}

	@AfterAll
	static void stopEmpty() {
		if (empty != null) {
			empty.close();
		}
	}

	@AfterEach
	void stop() {
		if (this.application != null) {
			this.application.close();
		}
	}

	@Test
	void emptyCacheSaysWhatToDo() {
		ConfigurableApplicationContext application = start();
		open(application, "/");
		assertThat(text(".state h2")).isEqualTo("Nothing is stored yet");
		assertThat(text(".state pre")).contains("inferenceApi.infer(");
		open(application, "/entries");
		assertThat(text(".state h2")).isEqualTo("Nothing is stored yet");
		new StoredCache(application.getBean(CacheStore.class), Instant.now()).add("gpt-4.1", "", "STOP", "?", "!");
		open(application, "/entries");
		assertThat(text(".results h2")).isEqualTo("1 entry");
		open(application, "/");
		assertThat(text(".figures div:nth-child(4)")).startsWith("Stored1entry");
	}

	@Test
	void onlyWhatIsAllowedIsThere() {
		ConfigurableApplicationContext application = start("management.endpoint.llmcache.access=read-only");
		CacheKey key = new StoredCache(application.getBean(CacheStore.class), Instant.now()).add("gpt-4.1", "", "STOP",
				"secret question", "secret answer");
		open(application, "/entry/" + key.hex() + "?model=gpt-4.1");
		assertThat(text("main")).contains(key.hex(), "llmcache.ui.show-content=true").doesNotContain("secret");
		assertThat(count("button.danger")).isZero();
		open(application, "/entries?model=gpt-4.1");
		assertThat(count("tbody tr")).isOne();
		assertThat(count("button.danger")).isZero();
		open(application, "/explain");
		assertThat(text("main")).contains("llmcache.explain.endpoint=true");
		assertThat(count("textarea")).isZero();
	}

	@ParameterizedTest
	@CsvSource({ "401,You are not signed in", "403,You may not do that", "404,There is no such thing",
			"405,That is switched off", "500,Something went wrong", "503,The store fails" })
	void failureHasAStateOfItsOwn(int status, String title) {
		AtomicInteger failure = empty.getBean(AtomicInteger.class);
		failure.set(status);
		open(empty, "/");
		assertThat(text("[role=alert] h2")).isEqualTo(title);
		assertThat(page().evaluate("document.title").stringValue()).isEqualTo("Overview · llmcache");
		failure.set(0);
		if (count(".problem button") > 0) {
			click("Try again");
			page().waitFor("document.querySelector('.state h2')?.textContent === 'Nothing is stored yet'");
		}
	}

	/**
	 * Takes the pictures of the documentation, into the folder that the property names.
	 */
	@Test
	@EnabledIfSystemProperty(named = PICTURES, matches = ".+")
	void takesPictures() throws Exception {
		picture(empty, "empty", "/", 1280, 600, "light");
		empty.getBean(AtomicInteger.class).set(503);
		picture(empty, "error", "/", 1280, 500, "dark");
		empty.getBean(AtomicInteger.class).set(0);
	}

	@Test
	void applicationThatStopsIsNoticed() {
		ConfigurableApplicationContext application = start();
		open(application, "/");
		application.close();
		click("Look again");
		page().waitFor("document.querySelector('[role=alert] h2')?.textContent === 'The application does not answer'");
		page().evaluate("document.querySelector('nav a[href=\"#/entries\"]').click()");
		page().waitFor("document.title.startsWith('Entries') && document.querySelector('[role=alert]')");
	}

	@Test
	void formToSignInIsNoData() {
		for (int status : List.of(200, 302)) {
			empty.getBean(AtomicInteger.class).set(status);
			open(empty, "/");
			assertThat(text("[role=alert] h2")).isEqualTo("You are not signed in");
		}
	}

	private ConfigurableApplicationContext start(String... properties) {
		this.application = run(this.directory, properties);
		return this.application;
	}

}
