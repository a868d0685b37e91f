package io.github.llmcache.coexistence;

import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;

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

	private static final String DATABASE = "h2-|HikariCP-|spring-boot-(starter-)?(jdbc|jpa|data-jpa|data-commons|sql"
			+ "|hibernate|persistence|flyway|transaction)-|hibernate-|jakarta\\.persistence|spring-(data|orm|aspects)-";

	private static final String WEB = "spring-boot-(starter-)?(webmvc|tomcat|tomcat-runtime|servlet|web-server)-|tomcat-"
			+ "|spring-webmvc-";

	private static final String ACTUATOR = "spring-boot-(starter-)?(actuator|actuator-autoconfigure|health)-";

	private static final String MICROMETER = "micrometer-(core|jakarta9)-"
			+ "|spring-boot-(starter-)?(micrometer-metrics|micrometer-observation)-";

	private static final String CACHE = "spring-boot-(starter-)?cache-";

	private static final String NONE = "nothing-is-excluded";

	@TempDir
	Path directory;

	@ParameterizedTest
	@MethodSource
	void applicationNoticesNothing(Class<?> application, String excludedJars) throws Exception {
		String output = JavaProcess.run(application, Pattern.compile(excludedJars), this.directory.toString());
		assertThat(output).contains(Scenario.PASSED).endsWith("exit code 0");
	}

	static Stream<Arguments> applicationNoticesNothing() {
		return Stream.of(
				Arguments.of(StarterOnlyApplication.class,
						String.join("|", DATABASE, WEB, ACTUATOR, MICROMETER, CACHE)),
				Arguments.of(OwnDatabaseApplication.class, NONE), Arguments.of(OwnJpaApplication.class, NONE),
				Arguments.of(OwnCachingApplication.class, DATABASE),
				Arguments.of(OwnRestClientApplication.class, DATABASE),
				Arguments.of(WithoutActuatorApplication.class, String.join("|", DATABASE, ACTUATOR)),
				Arguments.of(WithoutMicrometerApplication.class, String.join("|", DATABASE, MICROMETER)));
	}

}
