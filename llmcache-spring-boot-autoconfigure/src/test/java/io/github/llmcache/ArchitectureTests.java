package io.github.llmcache;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/**
 * Who may use whom, as docs/architecture.md has it.
 */
class ArchitectureTests {

	private static final String ROOT = "io.github.llmcache";

	private static final List<String> ALWAYS = List.of("java..", "org.jspecify..");

	private static final List<String> JACKSON = List.of("tools.jackson..", "com.fasterxml.jackson.annotation..");

	private static final String LOGGING = "org.apache.commons.logging..";

	private static final JavaClasses classes = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_JARS)
		.importPackages(ROOT);

	@ParameterizedTest
	@MethodSource
	void packageUsesOnlyWhatItMay(String subpackage, List<String> allowed) {
		String itself = ROOT + subpackage;
		List<String> packages = new ArrayList<>(ALWAYS);
		packages.add(itself);
		packages.addAll(allowed);
		classes().that()
			.resideInAPackage(itself)
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage(packages.toArray(String[]::new))
			.check(classes);
	}

	static Stream<Arguments> packageUsesOnlyWhatItMay() {
		return Stream
			.of(uses(""),
					uses(".cache", ROOT, JACKSON, "com.github.benmanes.caffeine..", "com.github.luben.zstd..",
							"com.dynatrace.hash4j..", LOGGING),
					uses(".cache.sqlite", ROOT + ".cache", "org.springframework.jdbc..", "org.sqlite..",
							"org.flywaydb..", "javax.sql..", LOGGING),
					uses(".cache.file", ROOT + ".cache", "tools.jackson.core..", LOGGING),
					uses(".cache.redis", ROOT + ".cache", "org.springframework.data.redis.connection..",
							"io.lettuce.core..", "io.github.resilience4j.circuitbreaker..", LOGGING),
					uses(".cache.encryption", ROOT + ".cache", "javax.crypto.."),
					uses(".provider", ROOT, JACKSON, "javax.net.ssl..", "org.springframework.web.client..",
							"org.springframework.http..", "org.springframework.boot.http.client..", LOGGING),
					uses(".provider.openai", ROOT, ROOT + ".provider", JACKSON),
					uses(".provider.anthropic", ROOT, ROOT + ".provider", JACKSON),
					uses(".provider.gemini", ROOT, ROOT + ".provider", JACKSON), uses(".pricing", ROOT, JACKSON),
					uses(".inference", ROOT, ROOT + ".cache", ROOT + ".provider", ROOT + ".pricing",
							"org.springframework.core.retry..", "org.springframework.core.task..",
							"org.springframework.util.backoff..", "io.github.bucket4j..", LOGGING),
					uses(".transcript", ROOT, ROOT + ".cache", ROOT + ".inference", JACKSON,
							"org.springframework.boot.ansi..", LOGGING),
					uses(".metrics", ROOT, ROOT + ".cache", ROOT + ".inference", "io.micrometer.core..",
							"io.micrometer.common..", "io.micrometer.observation.."),
					uses(".health", ROOT + ".cache", "org.springframework.boot.health.."),
					uses(".actuate.endpoint", ROOT, ROOT + ".cache", ROOT + ".transcript", JACKSON,
							"org.springframework.boot.actuate.endpoint..", "org.springframework.boot.convert",
							"org.springframework.util"));
	}

	@Test
	void nothingDependsOnTheAutoConfiguration() {
		noClasses().that()
			.resideOutsideOfPackage(ROOT + ".autoconfigure..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage(ROOT + ".autoconfigure..")
			.check(classes);
	}

	@Test
	void packagesHaveNoCycles() {
		slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(classes);
	}

	@Test
	void everyPackageIsNullMarked() {
		ArchRule rule = classes().should()
			.resideInAnyPackage(classes.stream()
				.map((type) -> type.getPackage())
				.filter((javaPackage) -> javaPackage.isAnnotatedWith(NullMarked.class))
				.map((javaPackage) -> javaPackage.getName())
				.toArray(String[]::new));
		rule.check(classes);
	}

	@Test
	void thereIsNoStaticState() {
		fields().that().areStatic().should().beFinal().check(classes);
	}

	@Test
	void timeIsInjected() {
		noClasses().that()
			.resideOutsideOfPackage(ROOT + ".autoconfigure..")
			.should()
			.callMethod(java.time.Instant.class, "now")
			.orShould()
			.callMethod(System.class, "currentTimeMillis")
			.orShould()
			.callMethod(java.time.Clock.class, "systemUTC")
			.check(classes);
	}

	@Test
	void configurationsArePackagePrivateOrFinal() {
		classes().that()
			.resideInAPackage(ROOT + ".autoconfigure..")
			.and()
			.haveSimpleNameEndingWith("Configuration")
			.and()
			.haveModifier(JavaModifier.PUBLIC)
			.should()
			.haveModifier(JavaModifier.FINAL)
			.check(classes);
	}

	private static Arguments uses(String subpackage, Object... allowed) {
		List<String> packages = Stream.of(allowed)
			.flatMap((item) -> (item instanceof List<?> list) ? list.stream().map(String::valueOf)
					: Stream.of((String) item))
			.toList();
		return Arguments.of(subpackage, packages);
	}

}
