package io.github.llmcache.testsupport;

import java.util.regex.Pattern;

/**
 * Jars that an application may do without.
 */
public enum Jars {

	/** Data sources, JPA and Flyway's auto-configuration. */
	DATABASE("h2-|HikariCP-|spring-boot-(starter-)?(jdbc|jpa|data-jpa|data-commons|sql"
			+ "|hibernate|persistence|flyway|transaction)-|hibernate-|jakarta\\.persistence|spring-(data-jpa|orm|aspects)-"),

	/** Web servers. */
	WEB("spring-boot-(starter-)?(webmvc|tomcat|tomcat-runtime|servlet|web-server)-|tomcat-|spring-webmvc-"),

	/** The Actuator. */
	ACTUATOR("spring-boot-(starter-)?(actuator|actuator-autoconfigure|health)-"),

	/** Micrometer's meters. */
	MICROMETER("micrometer-(core|jakarta9)-|spring-boot-(starter-)?(micrometer-metrics|micrometer-observation)-"),

	/** Spring's caching. */
	CACHE("spring-boot-(starter-)?cache-"),

	/** What Spring Data's modules share. */
	SPRING_DATA("spring-data-commons-"),

	/** Connections to Redis, and what the backend adds to them. */
	REDIS("spring-boot-(starter-)?(data-redis|netty)-|spring-data-(redis|keyvalue)-|lettuce-|netty-|reactor-core-|reactive-streams-"
			+ "|redis-authx-|resilience4j-|embedded-redis-");

	private final Pattern names;

	Jars(String names) {
		this.names = Pattern.compile(names);
	}

	boolean contain(String fileName) {
		return this.names.matcher(fileName).lookingAt();
	}

}
