package io.github.llmcache.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import io.github.llmcache.CacheMode;
import io.github.llmcache.autoconfigure.LlmCacheProperties.Backend;
import io.github.llmcache.provider.ProviderPreset;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an IDE shows of the properties is complete, and the README tells the same.
 */
class ConfigurationMetadataTests {

	private static final JsonNode metadata = read("META-INF/spring-configuration-metadata.json");

	@Test
	void everyPropertyIsDescribed() {
		for (JsonNode property : metadata.path("properties")) {
			assertThat(property.path("description").asString("")).as(property.path("name").stringValue())
				.matches("[A-Z$].*");
		}
	}

	@Test
	void everyPresetIsSuggested() {
		Set<String> suggested = new TreeSet<>();
		for (JsonNode hint : metadata.path("hints")) {
			hint.path("values").forEach((value) -> suggested.add(value.path("value").stringValue()));
		}
		assertThat(suggested)
			.containsAll(List.of(ProviderPreset.values()).stream().map(ProviderPreset::providerName).toList());
	}

	@Test
	void everyBackendAndModeIsSuggested() {
		assertThat(suggested("llmcache.backend")).containsExactlyInAnyOrderElementsOf(names(Backend.values()));
		assertThat(suggested("llmcache.mode")).containsExactlyInAnyOrderElementsOf(names(CacheMode.values()));
	}

	private static List<String> suggested(String property) {
		return metadata.path("hints")
			.valueStream()
			.filter((hint) -> hint.path("name").stringValue().equals(property))
			.flatMap((hint) -> hint.path("values").valueStream())
			.map((value) -> value.path("value").stringValue())
			.toList();
	}

	private static List<String> names(Enum<?>[] values) {
		return Stream.of(values).map((value) -> value.name().toLowerCase(Locale.ROOT).replace('_', '-')).toList();
	}

	@Test
	void everyPropertyIsInTheReadme() throws IOException {
		String readme = Files.readString(Path.of("..", "README.md"));
		for (JsonNode property : metadata.path("properties")) {
			String name = property.path("name").stringValue();
			if (name.startsWith("llmcache.")) {
				String last = name.substring(name.lastIndexOf('.'));
				assertThat(readme.contains(name) || readme.contains("`" + last)).as(name).isTrue();
			}
		}
	}

	private static JsonNode read(String resource) {
		try (InputStream stream = ConfigurationMetadataTests.class.getClassLoader().getResourceAsStream(resource)) {
			return JsonMapper.shared().readTree(Objects.requireNonNull(stream));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
