package io.github.llmcache.cli.safetytooling;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.github.luben.zstd.Zstd;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes caches as safety-tooling is described to write them.
 */
public final class LibraryCache {

	static final Instant CREATED_AT = Instant.parse("2025-03-01T12:00:00.500Z");

	private static final JsonMapper mapper = new JsonMapper();

	private final List<Value> values = new ArrayList<>();

	/**
	 * Add a response, in three JSON texts.
	 */
	public LibraryCache answer(String params, String messages, String... responses) {
		String prompt = "{\"messages\":" + messages + "}";
		this.values.add(new Value(sha1(params), sha1(prompt), "{\"params\":" + params + ",\"prompt\":" + prompt
				+ ",\"responses\":[" + String.join(",", responses) + "]}"));
		return this;
	}

	LibraryCache moderation(String json) {
		this.values.add(new Value("moderation", sha1(json), json));
		return this;
	}

	LibraryCache embeddings(String hash, String json) {
		this.values.add(new Value("embeddings", hash, json));
		return this;
	}

	/**
	 * Return parameters with all that the library writes.
	 */
	public static String params(String model, int n, String... members) {
		Map<String, String> params = new LinkedHashMap<>();
		params.put("model", "\"" + model + "\"");
		params.put("n", String.valueOf(n));
		params.put("num_candidates_per_completion", "1");
		params.put("insufficient_valids_behaviour", "\"retry\"");
		for (String name : List.of("temperature", "top_p", "max_tokens", "thinking", "logprobs", "seed", "logit_bias",
				"stop", "tools")) {
			params.put(name, "null");
		}
		params.put("unknown_kwargs", "{}");
		for (int i = 0; i < members.length; i += 2) {
			params.put(members[i], members[i + 1]);
		}
		return object(params);
	}

	public static String user(String text) {
		return "[" + message("user", text) + "]";
	}

	static String message(String role, String text) {
		return "{\"role\":\"" + role + "\",\"content\":" + mapper.writeValueAsString(text) + "}";
	}

	public static String response(String model, String completion, String... members) {
		Map<String, String> response = new LinkedHashMap<>();
		response.put("model_id", "\"" + model + "\"");
		response.put("completion", mapper.writeValueAsString(completion));
		response.put("stop_reason", "\"stop_sequence\"");
		response.put("cost", "0");
		response.put("generated_content", "null");
		response.put("audio_out", "null");
		response.put("duration", "1.5");
		response.put("api_duration", "1.25");
		response.put("logprobs", "null");
		response.put("safety_ratings", "null");
		response.put("recitation_retries", "null");
		response.put("api_failures", "0");
		response.put("batch_custom_id", "null");
		response.put("usage", "null");
		for (int i = 0; i < members.length; i += 2) {
			response.put(members[i], members[i + 1]);
		}
		return object(response);
	}

	public static String usage(int input, int output) {
		return "{\"input_tokens\":" + input + ",\"output_tokens\":" + output + ",\"total_tokens\":" + (input + output)
				+ ",\"prompt_tokens_details\":null,\"completion_tokens_details\":null}";
	}

	private static String object(Map<String, String> members) {
		return "{" + String.join(",",
				members.entrySet()
					.stream()
					.map((member) -> "\"" + member.getKey() + "\":" + member.getValue())
					.toList())
				+ "}";
	}

	static String sha1(String text) {
		try {
			return HexFormat.of()
				.formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8)));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	public void writeBins(Path directory) throws IOException {
		Map<Path, Map<String, String>> bins = new LinkedHashMap<>();
		for (Value value : this.values) {
			int bin = Integer.parseInt(value.hash().substring(0, 4), 16) % 20;
			bins.computeIfAbsent(directory.resolve(value.group()).resolve("bin" + bin + ".json"),
					(file) -> new LinkedHashMap<>())
				.put(value.hash(), value.json());
		}
		for (Map.Entry<Path, Map<String, String>> bin : bins.entrySet()) {
			Files.createDirectories(bin.getKey().getParent());
			Files.writeString(bin.getKey(), mapper.writeValueAsString(bin.getValue()));
			Files.createFile(Path.of(bin.getKey() + ".lock"));
		}
	}

	public void writeSqlite(Path directory) throws IOException, SQLException {
		Files.createDirectories(directory);
		Map<String, List<Value>> files = new LinkedHashMap<>();
		this.values.forEach((value) -> files.computeIfAbsent(value.group(), (group) -> new ArrayList<>()).add(value));
		for (Map.Entry<String, List<Value>> file : files.entrySet()) {
			try (Connection connection = DriverManager
				.getConnection("jdbc:sqlite:" + directory.resolve(file.getKey() + ".sqlite"))) {
				createTables(connection);
				connection.setAutoCommit(false);
				for (Value value : file.getValue()) {
					insert(connection, value, Zstd.compress(value.json().getBytes(StandardCharsets.UTF_8), 3), 1);
				}
				connection.commit();
			}
		}
	}

	static void createTables(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute("PRAGMA journal_mode=WAL");
			statement.execute("CREATE TABLE responses (prompt_hash TEXT PRIMARY KEY, params_hash TEXT NOT NULL, "
					+ "response_blob BLOB NOT NULL, schema_version INTEGER NOT NULL, created_at REAL NOT NULL, "
					+ "last_accessed REAL NOT NULL, access_count INTEGER DEFAULT 1, cost REAL DEFAULT 0.0, "
					+ "total_tokens INTEGER DEFAULT 0)");
			statement.execute("CREATE TABLE moderation (text_hash TEXT PRIMARY KEY, response_blob BLOB NOT NULL, "
					+ "schema_version INTEGER NOT NULL, created_at REAL NOT NULL)");
			statement.execute("CREATE TABLE embeddings (params_hash TEXT PRIMARY KEY, response_blob BLOB NOT NULL, "
					+ "schema_version INTEGER NOT NULL, created_at REAL NOT NULL)");
		}
	}

	static void insert(Connection connection, Value value, byte[] blob, int version) throws SQLException {
		String sql = switch (value.group()) {
			case "moderation" -> "INSERT INTO moderation VALUES (?, ?, ?, ?)";
			case "embeddings" -> "INSERT INTO embeddings VALUES (?, ?, ?, ?)";
			default -> "INSERT INTO responses VALUES (?, '" + value.group() + "', ?, ?, ?, 0, 1, 0.0, 0)";
		};
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			statement.setString(1, value.hash());
			statement.setBytes(2, blob);
			statement.setInt(3, version);
			statement.setDouble(4, CREATED_AT.toEpochMilli() / 1000.0);
			statement.executeUpdate();
		}
	}

	void writeRedis(String uri, String directory) {
		RedisClient client = RedisClient.create(uri);
		try (StatefulRedisConnection<String, String> connection = client.connect()) {
			for (Value value : this.values) {
				boolean text = value.group().equals("moderation") || value.group().equals("embeddings");
				connection.sync()
					.set(directory + ":" + (text ? "" : directory + "/") + value.group() + "/" + value.hash(),
							value.json());
			}
		}
		finally {
			client.shutdown();
		}
	}

	/**
	 * A value.
	 *
	 * @param group the hash of its parameters, or {@code moderation} or
	 * {@code embeddings}
	 * @param hash the hash that it is kept under
	 * @param json the value
	 */
	record Value(String group, String hash, String json) {

	}

}
