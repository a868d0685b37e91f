package io.github.llmcache.autoconfigure.endpoint;

import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import io.github.llmcache.cache.CacheKey;
import io.github.llmcache.cache.CacheStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the web page of a cache of 10,000 entries.
 */
class WebPageTests extends AbstractWebPageTests {

	private static final int ENTRIES = 10_000;

	private static final int DAYS = 40;

	private static final String MARKUP = "<img src=x onerror=window.hacked=1></script><script>window.hacked=2</script>"
			+ "<svg onload=window.hacked=3>\" onfocus=window.hacked=4 autofocus \u202Egpj.exe\u0007";

	/** Named things that people can use, and whatever else has to have a name. */
	private static final Set<String> NAMED = Set.of("link", "button", "textbox", "searchbox", "combobox", "radio",
			"checkbox", "table", "image", "img", "dialog", "region", "form", "search", "navigation", "columnheader",
			"rowheader", "heading", "DisclosureTriangle", "figure");

	private static final String CONTRASTS = """
			(() => {
				const channel = (value) => (value /= 255) <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
				const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
				const parse = (color) => color.match(/[0-9.]+/g).map(Number);
				const background = (element) => {
					for (let at = element; at; at = at.parentElement) {
						const color = parse(getComputedStyle(at).backgroundColor);
						if (color.length < 4 || color[3] > 0) {
							return color;
						}
					}
					return [255, 255, 255];
				};
				const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
				const poor = [];
				while (texts.nextNode()) {
					const element = texts.currentNode.parentElement;
					if (texts.currentNode.data.trim() && element.getClientRects().length > 0) {
						const [a, b] = [parse(getComputedStyle(element).color), background(element)].map(luminance);
						const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
						if (contrast < 4.5) {
							poor.push(`${contrast.toFixed(2)}: ${texts.currentNode.data}`);
						}
					}
				}
				return poor.join('\\n');
			})()""";

	@TempDir
	static Path directory;

	private static ConfigurableApplicationContext application;

	private static StoredCache cache;

	@BeforeAll
	static void fill() {
		application = run(directory, "llmcache.ui.show-content=true", "llmcache.explain.endpoint=true",
				"llmcache.providers.openai.models=gpt*,hostile*");
		cache = new StoredCache(application.getBean(CacheStore.class), Instant.now());
		cache.fill(ENTRIES);
		cache.count(DAYS);
	}

	@AfterAll
	static void stop() {
		if (application != null) {
			application.close();
		}
	}

	@Test
	void figuresAreThoseOfTheEndpoint() throws Exception {
		JsonNode endpoint = get(address(application));
		JsonNode lifetime = endpoint.path("lifetime").path("total");
		open(application, "/");
		assertThat(page().evaluate("document.title").stringValue()).isEqualTo("Overview · llmcache");
		assertThat(figure(1))
			.isEqualTo(String.format(Locale.ROOT, "%.1f%%", 100 * lifetime.path("hitRatio").asDouble()));
		assertThat(figure(2)).isEqualTo(String.format(Locale.ROOT, "$%,.2f", lifetime.path("saved").asDouble()));
		assertThat(figure(3)).isEqualTo(String.format(Locale.ROOT, "$%,.2f", lifetime.path("spent").asDouble()));
		assertThat(figure(4))
			.isEqualTo(String.format(Locale.ROOT, "%,d", endpoint.path("total").path("entries").asLong()));
		assertThat(text("#backend")).isEqualTo("sqlite");
		assertThat(count(".plots ~ div tbody tr")).isEqualTo(endpoint.path("models").size());
		page().evaluate("document.querySelector('[value=start]').click()");
		assertThat(figure(1)).isEqualTo("–");
		assertThat(figure(2)).isEqualTo("$0.00");
		assertThat(page().evaluate("location.hash").stringValue()).isEqualTo("#/?since=start&days=30");
	}

	@Test
	void plotsHaveAPointForEachDay() {
		open(application, "/?days=90");
		assertThat(count(".plot svg")).isEqualTo(2);
		assertThat(count("svg .ct-point")).as("nothing was asked on one day").isEqualTo(DAYS - 1);
		assertThat(count("svg .saved .ct-bar")).isEqualTo(DAYS);
		assertThat(count("svg .spent .ct-bar")).isEqualTo(DAYS);
		assertThat(count("figure:first-child tbody tr")).isEqualTo(DAYS);
		page().evaluate("document.querySelector('[value=\"30\"]').click()");
		assertThat(count("svg .saved .ct-bar")).isEqualTo(30);
		page().evaluate("document.querySelector('[value=\"364\"]').click()");
		assertThat(count("svg .saved .ct-bar")).as("weeks").isEqualTo(7);
		assertThat(text("figcaption h2")).isEqualTo("Hit rate by week");
	}

	@Test
	void modelsAreSortedByTheColumnThatIsChosen() {
		open(application, "/");
		String first = "document.querySelector('.plots ~ div tbody th').textContent";
		assertThat(page().evaluate(first).stringValue()).isEqualTo(StoredCache.MODELS.get(0));
		assertThat(text("th[aria-sort=descending]")).isEqualTo("Saved");
		click("Model");
		assertThat(page().evaluate(first).stringValue()).isEqualTo("claude-sonnet-4-5");
		assertThat(text("th[aria-sort=ascending]")).isEqualTo("Model");
		click("Model");
		assertThat(text("th[aria-sort=descending]")).isEqualTo("Model");
	}

	@Test
	void entriesAreSearchedFor() throws Exception {
		open(application, "/entries");
		assertThat(text(".results h2")).isEqualTo(String.format(Locale.ROOT, "%,d entries",
				get(address(application) + "/ui/data/entries").path("matching").longValue()));
		assertThat(count("tbody tr")).isEqualTo(50);
		enter("model", "gpt-4.1");
		enter("finishReason", "LENGTH");
		enter("olderThan", "1d");
		click("Search");
		waitUntilShown();
		page().waitFor("location.hash === '#/entries?model=gpt-4.1&finishReason=LENGTH&olderThan=1d'");
		long matching = get(address(application) + "/ui/data/entries?model=gpt-4.1&finishReason=LENGTH&olderThan=1d")
			.path("matching")
			.longValue();
		assertThat(matching).isPositive();
		page().waitFor("document.querySelector('.results h2').textContent.startsWith('" + matching + " entr')");
		assertThat(text("#status")).isEqualTo(text(".results h2") + " found");
		page().evaluate("history.back()");
		page().waitFor("document.querySelectorAll('tbody tr').length === 50"
				+ " && document.querySelector('[name=model]').value === ''");
		click("Show more");
		page().waitFor("document.querySelectorAll('tbody tr').length === 100");
		page().waitFor("document.activeElement === document.querySelectorAll('tbody a')[50]");
	}

	@Test
	void timeThatNoBrowserCanTellIsShownAsItCame() {
		cache.addUntil(Instant.ofEpochMilli(Long.MAX_VALUE), "gpt-4.1", "far", "STOP", "When?", "Never.");
		open(application, "/entries?namespace=far");
		page().evaluate("document.querySelector('tbody a').click()");
		page().waitFor("document.title === 'Entry · llmcache'");
		assertThat(text(".facts")).contains("+292278994-08-17T07:12:55.807Z");
	}

	@Test
	void whatCannotBeSearchedForIsSaid() {
		open(application, "/entries?olderThan=soon");
		assertThat(text("[role=alert]")).startsWith("That cannot be searched for");
		assertThat(count("tbody")).isZero();
	}

	@Test
	void entryIsShownWithItsContent() {
		CacheKey key = cache.add("gpt-4.1", "shown", "STOP", "What is the answer?", "Forty-two.");
		open(application, "/entries?namespace=shown");
		page().evaluate("document.querySelector('tbody a').click()");
		page().waitFor("document.title === 'Entry · llmcache'");
		assertThat(text(".key")).isEqualTo(key.hex());
		assertThat(text("main")).contains("shown", "What is the answer?", "Forty-two.", "chat/completions");
		assertThat(page().evaluate("document.activeElement.tagName").stringValue()).isEqualTo("H1");
		page().evaluate("history.back()");
		page().waitFor("document.activeElement.textContent === '" + key.hex().substring(0, 12) + "'");
	}

	@Test
	void entryIsDeletedOnlyIfThatIsConfirmed() throws Exception {
		CacheKey key = cache.add("gpt-4.1", "deleted", "STOP", "Delete me?", "Yes.");
		open(application, "/entry/" + key.hex() + "?model=gpt-4.1");
		click("Delete");
		assertThat(page().evaluate("document.activeElement.textContent").stringValue()).isEqualTo("Cancel");
		click("Cancel");
		page().waitFor("!document.querySelector('dialog')");
		click("Delete");
		page().press("Escape");
		page().waitFor("!document.querySelector('dialog')");
		String entries = address(application) + "/ui/data/entries?namespace=deleted";
		assertThat(get(entries).path("matching").longValue()).isOne();
		click("Delete");
		click("Delete entry");
		page().waitFor("document.querySelector('#status').textContent === 'The entry was deleted'");
		assertThat(get(entries).path("matching").longValue()).isZero();
		page().evaluate("history.back()");
		page().waitFor("document.querySelector('[role=alert]')?.textContent.startsWith('There is no such thing')");
	}

	@Test
	void entriesAreDeletedByWhatTheyWereSearchedFor() throws Exception {
		for (int i = 0; i < 3; i++) {
			cache.add("gpt-4.1", "many", "LENGTH", "Delete " + i, "Yes.");
		}
		cache.add("gpt-4.1", "many", "STOP", "Keep", "Yes.");
		open(application, "/entries?namespace=many&finishReason=LENGTH&order=largest");
		click("Delete all");
		page().waitFor("document.querySelector('dialog')");
		assertThat(text("dialog")).contains("Delete 3 entries?", "Namespacemany", "Finish reasonLENGTH")
			.doesNotContain("largest");
		click("Delete 3 entries");
		page().waitFor("document.querySelector('#status').textContent === '3 entries were deleted'");
		assertThat(get(address(application) + "/ui/data/entries?namespace=many").path("matching").longValue()).isOne();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "?newerThan=1h", "?namespace=evals&newerThan=9d", "?key=abcd", "?order=largest" })
	void whatTheEndpointCannotDeleteAsItWasFoundIsNotOffered(String conditions) {
		open(application, "/entries" + conditions);
		page().waitFor("document.querySelector('.results h2')");
		assertThat(count("button.danger")).isZero();
	}

	@Test
	void missIsExplained() {
		cache.add("hostile-explain", "", "STOP", "Name three rivers of Spain.", "Ebro.");
		open(application, "/explain");
		page().evaluate("document.querySelector('textarea').value = JSON.stringify("
				+ "{ model: 'hostile-explain', prompt: 'Name three rivers of France.', temperature: 0 })");
		click("Explain");
		page().waitFor("document.querySelector('.explanation')");
		assertThat(text(".explanation h2")).isEqualTo("There is no entry for it");
		page().evaluate("document.querySelector('textarea').value = '{'");
		click("Explain");
		page().waitFor("document.querySelector('.results [role=alert]')");
		assertThat(text(".results")).isEqualTo("The request cannot be explained. 'request' is no valid JSON");
	}

	@Test
	void markupIsShownAndNeverRun() {
		String model = "hostile" + MARKUP;
		CacheKey key = cache.add(model, "namespace" + MARKUP, "javascript:window.hacked=5//" + MARKUP,
				"question" + MARKUP, "answer" + MARKUP);
		String shown = MARKUP.replace("\u202E", "⟨U+202E⟩").replace("\u0007", "⟨U+0007⟩");
		open(application, "/");
		assertThat(text("main")).contains("hostile" + shown);
		page().evaluate(
				"[...document.querySelectorAll('tbody a')].find((link) => link.textContent.startsWith('hostile<'))"
						+ ".click()");
		page().waitFor("document.title.startsWith('Entries') && document.querySelector('tbody a')");
		assertThat(page().evaluate("document.querySelector('[name=model]').value").stringValue()).isEqualTo(model);
		assertThat(text("tbody")).contains("hostile" + shown, "namespace" + shown)
			.contains(("javascript:window.hacked=5//" + shown).toLowerCase(Locale.ROOT));
		click("Delete all");
		page().waitFor("document.querySelector('dialog')");
		assertThat(text("dialog")).contains("hostile" + shown);
		click("Cancel");
		page().evaluate("document.querySelector('tbody a').click()");
		page().waitFor("document.title.startsWith('Entry')");
		assertThat(text(".key")).isEqualTo(key.hex());
		assertThat(text("main")).contains("namespace" + shown, "onerror=window.hacked=1");
		assertThat(count("main img, main svg, main script")).isZero();
		for (String view : List.of("/entries?finishReason=" + "%3Cimg%20src%3Dx%20onerror%3Dwindow.hacked%3D1%3E",
				"/%3Cimg%20src=x%20onerror=window.hacked=1%3E", "/entry/" + "0".repeat(64) + "?model=<svg/onload=x>",
				"javascript:window.hacked=1")) {
			page().open(address(application) + "/ui#" + view);
			page().waitFor("document.querySelector('main')");
		}
		assertThat(page().evaluate("typeof window.hacked").stringValue()).isEqualTo("undefined");
	}

	@Test
	void policyStopsWhatTheMarkupWouldDo() {
		open(application, "/");
		page().evaluate("(() => { try { document.body.innerHTML = '<img src=x onerror=window.hacked=1>'; }"
				+ " catch (refused) { document.body.setAttribute('data-refused', refused.name); } })()");
		assertThat(page().evaluate("document.body.dataset.refused").stringValue()).isEqualTo("TypeError");
		assertThat(count("main")).isOne();
		page().evaluate(
				"document.body.append(Object.assign(document.createElement('img'), { src: 'http://127.0.0.1:9/' }))");
		page().waitFor("[...document.images].at(-1).complete");
		assertThat(page().complaints()).as("this test would notice").hasSizeGreaterThan(1);
		page().requests().clear();
		page().complaints().clear();
	}

	@Test
	void everythingIsReachedWithTheKeyboard() {
		CacheKey key = cache.add("gpt-4.1", "keyboard", "STOP", "Delete me?", "Yes.");
		open(application, "/");
		page().press("Tab");
		assertThat(focused()).isEqualTo("Skip to content");
		page().press("Enter");
		page().waitFor("document.activeElement.id === 'main'");
		page().press("Tab");
		page().press("ArrowRight");
		assertThat(figure(2)).as("since start").isEqualTo("$0.00");
		open(application, "/");
		tabTo("Entries");
		page().press("Enter");
		page().waitFor("document.title.startsWith('Entries')");
		page().press("Tab");
		page().press("Tab");
		assertThat(page().evaluate("document.activeElement.name").stringValue()).isEqualTo("namespace");
		page().type("keyboard");
		page().press("Enter");
		page().waitFor("document.querySelector('.results h2').textContent === '1 entry'");
		tabTo(key.hex().substring(0, 12));
		assertThat(page().evaluate("getComputedStyle(document.activeElement).outlineStyle").stringValue())
			.isEqualTo("solid");
		page().press("Enter");
		page().waitFor("document.title.startsWith('Entry')");
		tabTo("Delete…");
		page().press("Enter");
		page().waitFor("document.querySelector('dialog')");
		tabTo("Delete entry");
		page().press("Enter");
		page().waitFor("document.querySelector('#status').textContent === 'The entry was deleted'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "light", "dark" })
	void everyViewIsAccessibleAtAnyWidth(String scheme) {
		CacheKey key = cache.add("gpt-4.1", "accessible", "STOP", "Question " + scheme, "Answer");
		for (String view : List.of("/", "/entries", "/entries?model=gpt-4.1", "/entry/" + key.hex() + "?model=gpt-4.1",
				"/explain", "/entries?olderThan=soon", "/nowhere")) {
			page().show(1280, 900, scheme);
			open(application, view);
			page().evaluate("document.querySelectorAll('details').forEach((details) => details.open = true)");
			assertThat(page().evaluate(CONTRASTS).stringValue()).as(view).isEmpty();
			assertAccessible(view);
			for (int width : List.of(360, 1600)) {
				page().show(width, 900, scheme);
				assertThat(page().evaluate("document.documentElement.scrollWidth <= innerWidth").booleanValue())
					.as("%s at %d", view, width)
					.isTrue();
			}
		}
	}

	private void assertAccessible(String view) {
		int level = 0;
		Set<String> roles = new HashSet<>();
		for (JsonNode node : page().accessibilityNodes()) {
			String role = node.path("role").path("value").asString("");
			roles.add(role);
			if (NAMED.contains(role)) {
				assertThat(node.path("name").path("value").asString("")).as("%s: %s", view, node).isNotBlank();
			}
			if (role.equals("heading")) {
				int next = level(node);
				assertThat(next).as("%s: %s", view, node).isBetween(1, level + 1);
				level = next;
			}
		}
		assertThat(level).as(view).isPositive();
		assertThat(roles).as(view).contains("main", "navigation", "heading", "link");
		assertThat(count("table:not(:has(> caption))")).as(view).isZero();
		assertThat(count("h1")).as(view).isOne();
		assertThat(count("th:not([scope])")).as(view).isZero();
	}

	private static int level(JsonNode heading) {
		return heading.path("properties")
			.valueStream()
			.filter((property) -> property.path("name").asString("").equals("level"))
			.findFirst()
			.orElseThrow()
			.path("value")
			.path("value")
			.asInt();
	}

	/**
	 * Takes the pictures of the documentation, into the folder that the property names.
	 */
	@Test
	@EnabledIfSystemProperty(named = PICTURES, matches = ".+")
	void takesPictures() throws Exception {
		String key = get(address(application) + "/ui/data/entries?model=gpt-4.1&limit=1").path("entries")
			.path(0)
			.path("key")
			.stringValue();
		picture(application, "overview-light", "/", 1280, 1160, "light");
		picture(application, "overview-dark", "/", 1280, 1160, "dark");
		picture(application, "entries", "/entries?model=gpt-4.1&olderThan=1d", 1280, 900, "light");
		picture(application, "entry", "/entry/" + key + "?model=gpt-4.1", 1280, 1000, "light");
	}

	private String figure(int number) {
		return text(".figures div:nth-child(" + number + ") .value");
	}

	private String focused() {
		return page().evaluate("document.activeElement.textContent").stringValue();
	}

	/**
	 * Goes on to what has this text, which must come within the next controls.
	 */
	private void tabTo(String text) {
		for (int i = 0; i < 40 && !focused().equals(text); i++) {
			page().press("Tab");
		}
		assertThat(focused()).isEqualTo(text);
	}

}
