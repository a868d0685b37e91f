package io.github.llmcache.provider;

import java.net.URI;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EndpointIdentity}.
 */
class EndpointIdentityTests {

	private static final String IDENTITY = "https://api.example.com/v1";

	@ParameterizedTest
	@ValueSource(strings = { "https://api.example.com/v1", "https://api.example.com/v1/",
			"https://api.example.com/v1//", "HTTPS://API.Example.COM/v1", "https://api.example.com:443/v1",
			"https://api.example.com:/v1", "https://user:secret@api.example.com/v1",
			"https://api.example.com/v1?key=secret#top", "https://api.example.com/./v1/.",
			"https://api.example.com/a/../v1", "https://api.example.com/../v1", "https://api.example.com/v1/b/..",
			"https://api.example.com/%76%31", "https://api.example.com/a/%2E%2e/v1" })
	void anotherSpellingHasTheSameIdentity(String url) {
		assertThat(EndpointIdentity.of(URI.create(url))).isEqualTo(IDENTITY);
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://api.example.com/v1", "https://api.example.com:8443/v1", "https://example.com/v1",
			"https://api.example.com./v1", "https://api.example.com", "https://api.example.com/V1",
			"https://api.example.com/v2", "https://api.example.com/v1/v1", "https://api.example.com//v1",
			"https://api.example.com/v1%2F", "https://api.example.com/v1;a" })
	void anotherEndpointHasAnotherIdentity(String url) {
		assertThat(EndpointIdentity.of(URI.create(url))).isNotEqualTo(IDENTITY);
	}

	@ParameterizedTest
	@CsvSource({ "http://localhost:80/,http://localhost", "http://localhost:443,http://localhost:443",
			"http://[::1]:8000/v1,http://[::1]:8000/v1", "http://host/%c3%a9%2f,http://host/%C3%A9%2F",
			"http://host/a//..,http://host/a", "http://host/..,http://host", "http://host//,http://host" })
	void identityIsStable(String url, String identity) {
		assertThat(EndpointIdentity.of(URI.create(url))).isEqualTo(identity);
		assertThat(EndpointIdentity.of(URI.create(identity))).isEqualTo(identity);
	}

	@Test
	void whatIsNotAsciiIsTheSameEncodedOrNot() {
		assertThat(EndpointIdentity.of(URI.create("http://host/é"))).isEqualTo("http://host/%C3%A9");
	}

}
