package io.github.llmcache.coexistence;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import io.github.llmcache.testsupport.Jars;
import io.github.llmcache.testsupport.JavaProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application notices nothing of llmcache but {@code InferenceApi}, whatever else it
 * has. Each is a JVM of its own, with the jars that such an application has.
 */
class CoexistenceTests {

	/** What an application that has not asked anything yet does without. */
	private static final List<String> NOT_LOADED = List.of(" org.sqlite.", " org.flywaydb.", " com.github.luben.zstd.",
			" com.github.benmanes.caffeine.", " io.github.bucket4j.", " com.dynatrace.hash4j.",
			" jdk.internal.net.http.", " io.github.llmcache.provider.WireJson ",
			" io.github.llmcache.pricing.PriceJson ");

	@TempDir
	Path directory;

	@ParameterizedTest
	@MethodSource
	void applicationNoticesNothing(Class<?> application, Set<Jars> missing) throws Exception {
		try (JavaProcess process = JavaProcess.of(application)
			.without(missing)
			.arguments(this.directory.toString())
			.start()) {
			assertThat(process.printed()).contains(Scenario.PASSED);
			assertThat(process.waitFor()).isZero();
		}
	}

	@Test
	void applicationThatAsksNothingLoadsNothing() throws Exception {
		try (JavaProcess process = JavaProcess.of(IdleApplication.class)
			.options("-Xlog:class+load")
			.without(EnumSet.allOf(Jars.class))
			.arguments(this.directory.toString())
			.start()) {
			List<String> printed = process.printed();
			assertThat(printed).contains(Scenario.PASSED)
				.anyMatch((line) -> line.contains(" io.github.llmcache.cache.sqlite.SqliteCacheStore "));
			assertThat(printed).noneMatch((line) -> NOT_LOADED.stream().anyMatch(line::contains));
		}
	}

	static Stream<Arguments> applicationNoticesNothing() {
		return Stream.of(Arguments.of(StarterOnlyApplication.class, EnumSet.allOf(Jars.class)),
				Arguments.of(OwnDatabaseApplication.class, Set.of(Jars.REDIS)),
				Arguments.of(OwnJpaApplication.class, Set.of(Jars.REDIS)),
				Arguments.of(OwnRedisApplication.class, Set.of(Jars.DATABASE)),
				Arguments.of(OwnCachingApplication.class, withoutData()),
				Arguments.of(OwnRestClientApplication.class, withoutData()),
				Arguments.of(WithoutActuatorApplication.class, withoutData(Jars.ACTUATOR)),
				Arguments.of(WithoutMicrometerApplication.class, withoutData(Jars.MICROMETER)));
	}

	private static Set<Jars> withoutData(Jars... others) {
		Set<Jars> missing = EnumSet.of(Jars.DATABASE, Jars.SPRING_DATA, Jars.REDIS);
		missing.addAll(Set.of(others));
		return missing;
	}

}
