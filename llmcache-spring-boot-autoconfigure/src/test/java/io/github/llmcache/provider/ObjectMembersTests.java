package io.github.llmcache.provider;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ObjectMembers}.
 */
class ObjectMembersTests {

	@Test
	void isTheSameAsAHashTableThatKeepsTheOrder() {
		Random random = new Random(42);
		for (int names = 1; names <= 3 * ObjectMembers.FEW; names++) {
			ObjectMembers members = new ObjectMembers();
			Map<String, JsonNode> expected = new LinkedHashMap<>();
			for (int i = 0; i < 200; i++) {
				String name = "name" + random.nextInt(names);
				JsonNode value = WireJson.NODES.numberNode(i);
				if (random.nextInt(4) == 0) {
					assertThat(members.remove(name)).isEqualTo(expected.remove(name));
				}
				else {
					assertThat(members.put(name, value)).isEqualTo(expected.put(name, value));
				}
				assertThat(members.get(name)).isEqualTo(expected.get(name));
				assertThat(members.containsKey(name)).isEqualTo(expected.containsKey(name));
			}
			assertThat(new ArrayList<>(members.entrySet())).isEqualTo(new ArrayList<>(expected.entrySet()));
			assertThat(members).isEqualTo(expected).hasSameHashCodeAs(expected).hasSize(expected.size());
		}
	}

	@Test
	void canBeRemovedOneAfterTheOther() {
		ObjectNode object = WireJson.NODES.objectNode().put("a", 1).put("b", 2).put("c", 3).put("d", 4);
		assertThat(object.retain(List.of("b", "d")).propertyNames()).containsExactly("b", "d");
		assertThat(object.removeAll()).isEmpty();
	}

	@Test
	void equalityIsThatOfMaps() {
		ObjectNode object = WireJson.NODES.objectNode().put("a", 1).put("b", "x");
		assertThat(object).isEqualTo(WireJson.NODES.objectNode().put("a", 1).put("b", "x"))
			.isEqualTo(WireJson.NODES.objectNode().put("b", "x").put("a", 1))
			.isNotEqualTo(WireJson.NODES.objectNode().put("a", 1).put("b", "y"))
			.isNotEqualTo(WireJson.NODES.objectNode().put("a", 1).put("c", "x"))
			.isNotEqualTo(WireJson.NODES.objectNode().put("a", 1))
			.isNotEqualTo(WireJson.NODES.objectNode().put("a", 1).put("b", "x").put("c", 1))
			.isNotEqualTo(WireJson.NODES.objectNode());
		ObjectNode shrunk = WireJson.NODES.objectNode();
		for (int i = 0; i <= ObjectMembers.FEW; i++) {
			shrunk.put("name" + i, i);
		}
		shrunk.retain("name0");
		assertThat(shrunk).isEqualTo(WireJson.NODES.objectNode().put("name0", 0))
			.hasSameHashCodeAs(WireJson.NODES.objectNode().put("name0", 0));
	}

}
