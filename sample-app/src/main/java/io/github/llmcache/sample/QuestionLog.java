package io.github.llmcache.sample;

import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The questions that were asked, in the application's own database. The cache has nothing
 * to do with it.
 */
@Repository
class QuestionLog {

	private final JdbcClient jdbcClient;

	QuestionLog(JdbcClient jdbcClient) {
		this.jdbcClient = jdbcClient;
	}

	void add(String question, String model, boolean cached) {
		this.jdbcClient.sql(
				"insert into question (question, model, cached, asked_at) values (:question, :model, :cached, :askedAt)")
			.param("question", question)
			.param("model", model)
			.param("cached", cached)
			.param("askedAt", OffsetDateTime.now(ZoneOffset.UTC))
			.update();
	}

	List<AskedQuestion> latest(int limit) {
		return this.jdbcClient
			.sql("select question, model, cached, asked_at from question order by id desc limit :limit")
			.param("limit", limit)
			.query(AskedQuestion.class)
			.list();
	}

}
