package io.github.llmcache.cli;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/**
 * Who may use whom in the command line.
 */
class CliArchitectureTests {

	private static final String ROOT = "io.github.llmcache.cli";

	private static final JavaClasses classes = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_JARS)
		.importPackages(ROOT);

	@Test
	void onlyCommandsKnowTheCommandLine() {
		noClasses().that()
			.resideInAPackage(ROOT + ".*..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("picocli..", ROOT)
			.allowEmptyShould(true)
			.check(classes);
	}

	@Test
	void nothingKnowsAnApplication() {
		noClasses().should()
			.dependOnClassesThat()
			.resideInAnyPackage("io.github.llmcache.autoconfigure..", "org.springframework.context..",
					"org.springframework.beans..")
			.check(classes);
	}

	@Test
	void packagesHaveNoCycles() {
		slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().allowEmptyShould(true).check(classes);
	}

	@Test
	void everyPackageIsNullMarked() {
		classes().should()
			.resideInAnyPackage(classes.stream()
				.map((type) -> type.getPackage())
				.filter((javaPackage) -> javaPackage.isAnnotatedWith(NullMarked.class))
				.map((javaPackage) -> javaPackage.getName())
				.toArray(String[]::new))
			.check(classes);
	}

	@Test
	void thereIsNoStaticState() {
		fields().that().areStatic().should().beFinal().check(classes);
	}

	@Test
	void timeIsInjected() {
		noClasses().that()
			.doNotHaveFullyQualifiedName(LlmCacheCli.class.getName())
			.should()
			.callMethod(java.time.Instant.class, "now")
			.orShould()
			.callMethod(System.class, "currentTimeMillis")
			.orShould()
			.callMethod(java.time.Clock.class, "systemUTC")
			.check(classes);
	}

	@Test
	void onlyTheTerminalPrints() {
		noClasses().that()
			.doNotHaveFullyQualifiedName(LlmCacheCli.class.getName())
			.should()
			.accessField(System.class, "out")
			.orShould()
			.accessField(System.class, "err")
			.check(classes);
	}

}
