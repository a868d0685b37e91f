package io.github.llmcache.provider;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.github.llmcache.MalformedResponseException;
import io.github.llmcache.ProviderException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.fail;

/**
 * Checks that a protocol survives whatever a server can send.
 */
public final class HostileBodies {

	private static final List<String> VALUES = List.of("null", "true", "0", "-1", "1.5", "1e999999999",
			"123456789012345678901234567890", "\"\"", "\"text\"", "\"error\"", "[]", "[null]", "[[]]", "[{}]", "{}",
			"{\"type\":\"error\"}", "{\"type\":7,\"code\":[],\"message\":{}}", "{\"error\":{\"code\":\"x\"}}");

	private HostileBodies() {
	}

	/**
	 * Check that a body cut off anywhere is malformed.
	 */
	public static void cutEverywhere(ProviderDefinition provider, String body) {
		byte[] bytes = TestProviders.bytes(body.strip());
		assertThat(provider.protocol().read(bytes, provider).samples()).isNotEmpty();
		for (int length = 0; length < bytes.length; length++) {
			byte[] cut = Arrays.copyOf(bytes, length);
			assertThatExceptionOfType(MalformedResponseException.class).as("cut at %d", length)
				.isThrownBy(() -> provider.protocol().read(cut, provider))
				.withNoCause();
		}
	}

	/**
	 * Check that a body with any node replaced by anything, or any member removed, is an
	 * answer or a {@link ProviderException}, and nothing else.
	 * @return how many bodies were read
	 */
	public static int replaceEverything(ProviderDefinition provider, String body) {
		int[] count = new int[1];
		replaceEverything(provider, body, (mutated) -> {
			count[0]++;
			readOrFail(provider, WireJson.write(mutated));
		});
		values(provider).forEach((value) -> readOrFail(provider, WireJson.write(value)));
		return count[0];
	}

	/**
	 * Replace any node by anything, and remove any member, one at a time.
	 */
	public static void replaceEverything(ProviderDefinition provider, String body, Consumer<ObjectNode> check) {
		ObjectNode root = TestProviders.json(body, provider);
		List<Runnable> mutations = new ArrayList<>();
		collect(root, values(provider), mutations, (mutated) -> check.accept(root));
		mutations.forEach(Runnable::run);
	}

	private static List<JsonNode> values(ProviderDefinition provider) {
		return VALUES.stream()
			.map((value) -> TestProviders.json("{\"value\":" + value + "}", provider).path("value"))
			.toList();
	}

	/**
	 * Check that bodies that are not JSON, or not of this world, are malformed.
	 */
	public static void garbage(ProviderDefinition provider) {
		String deep = "{\"a\":".repeat(100_000);
		Stream.of("", " ", "null", "[]", "true", "\"text\"", "{} {}", "{}x", "<html>Bad gateway</html>", "{\"a\":NaN}",
				"{'a':1}", "{\"a\":1,}", "data: {}\n\n", "[".repeat(100_000), deep, deep + "1" + "}".repeat(100_000),
				"{\"a\":1e99999999999}", "{\"a\":" + "9".repeat(100_000) + "}", "{\"a\":\"\u0000\"}", "\uFEFF{")
			.forEach((body) -> assertThatExceptionOfType(MalformedResponseException.class).as("%.30s", body)
				.isThrownBy(() -> provider.protocol().read(TestProviders.bytes(body), provider))
				.withNoCause());
		byte[] notUtf8 = { '{', '"', (byte) 0xC3, '"', ':', '1', '}' };
		assertThatExceptionOfType(MalformedResponseException.class)
			.isThrownBy(() -> provider.protocol().read(notUtf8, provider));
	}

	/**
	 * Check that no error body whatever makes reading it fail.
	 */
	public static void errors(ProviderDefinition provider, String body) {
		replaceEverything(provider, body, (mutated) -> assertThat(provider.protocol().readError(mutated)).isNotNull());
		values(provider).forEach((value) -> assertThat(provider.protocol().readError(value)).isNotNull());
		assertThat(provider.protocol().readError(WireJson.NODES.missingNode()))
			.isEqualTo(ProviderProtocol.ErrorBody.UNKNOWN);
	}

	private static void collect(JsonNode node, List<JsonNode> values, List<Runnable> mutations,
			Consumer<JsonNode> check) {
		if (node instanceof ObjectNode object) {
			object.forEachEntry((name, child) -> {
				mutations.add(() -> {
					for (JsonNode value : values) {
						object.set(name, value);
						check.accept(object);
					}
					object.set(name, child);
				});
				collect(child, values, mutations, check);
			});
			// At the end, because it changes the order of the members
			object.forEachEntry((name, child) -> mutations.add(() -> {
				object.remove(name);
				check.accept(object);
				object.set(name, child);
			}));
		}
		else if (node instanceof ArrayNode array) {
			for (int i = 0; i < array.size(); i++) {
				int index = i;
				JsonNode child = array.get(i);
				mutations.add(() -> {
					for (JsonNode value : values) {
						array.set(index, value);
						check.accept(array);
					}
					array.set(index, child);
				});
				collect(child, values, mutations, check);
			}
		}
	}

	private static void readOrFail(ProviderDefinition provider, String body) {
		try {
			ProviderAnswer answer = provider.protocol().read(TestProviders.bytes(body), provider);
			assertThat(answer.samples()).isNotEmpty();
		}
		catch (ProviderException ex) {
			assertThat(ex.getProvider()).isEqualTo(provider.name());
			assertThat(ex).hasNoCause();
		}
		catch (RuntimeException ex) {
			fail("For " + body, ex);
		}
	}

}
