package io.github.llmcache.faults.advisories;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Advisories}, {@link Advisory} and {@link VersionRange}.
 */
class AdvisoriesTests {

	@TempDir
	private Path folder;

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			introduced 0, fixed 2.0                                 | 1.9          | true
			introduced 0, fixed 2.0                                 | 2.0          | false
			introduced 0, fixed 2.0                                 | 0-alpha      | true
			introduced 1.5, fixed 2.0                               | 1.4          | false
			introduced 1.5, fixed 2.0                               | 1.5          | true
			introduced 1.5                                          | 99           | true
			introduced 0, last_affected 2.0                         | 2.0          | true
			introduced 0, last_affected 2.0                         | 2.0.1        | false
			last_affected 2.0, introduced 2.0                       | 2.0          | true
			last_affected 2.0, introduced 2.0                       | 2.1          | false
			introduced 1.0, fixed 1.5, introduced 3.0, fixed 3.5    | 1.2          | true
			introduced 1.0, fixed 1.5, introduced 3.0, fixed 3.5    | 2.0          | false
			introduced 1.0, fixed 1.5, introduced 3.0, fixed 3.5    | 3.4          | true
			fixed 3.5, introduced 3.0, fixed 1.5, introduced 1.0    | 2.0          | false
			introduced 1.0, fixed 2.0, introduced 2.0, fixed 3.0    | 2.5          | true
			introduced 0, fixed 2.0, limit 1.0                      | 1.5          | true
			introduced 4.2.0.Alpha1, fixed 4.2.17.Final             | 4.2.0.Final  | true
			introduced 4.2.0.Alpha1, fixed 4.2.17.Final             | 4.2.9.Final  | true
			introduced 4.2.0.Alpha1, fixed 4.2.17.Final             | 4.2.17.Final | false
			introduced 4.2.0.Alpha1, fixed 4.2.17.Final             | 4.2.17       | false
			introduced 4.2.0.Final, fixed 4.2.17.Final              | 4.2.0.RC1    | false
			introduced 0, fixed 7.0.0                               | 7.0.0-RC1    | true
			introduced 0, fixed 7.0.0                               | 7.0.0-M9     | true
			introduced 0, fixed 7.0.0-M1                            | 7.0.0-alpha2 | true
			introduced 0, fixed 7.0.0                               | 7.0.0-SNAPSHOT | true
			introduced 0, fixed 32.0.0-jre                          | 31.1-jre     | true
			introduced 0, fixed 32.0.0-jre                          | 32.0.0-jre   | false
			introduced 0, fixed 32.0.0-android                      | 32.0.1-jre   | false
			introduced 0, fixed 3.53.2.1                            | 3.53.2       | true
			introduced 0, fixed 1.5.7-9                             | 1.5.7-10     | false
			introduced 0, fixed 1.5.7-9                             | 1.5.7-8      | true
			""")
	void rangesAreInTheOrderOfMaven(String events, String version, boolean affected) throws Exception {
		write("A.json", advisory("A", "", affected("Maven", "g:a", ranges(range(events)))));
		assertThat(affects("g:a", version)).isEqualTo(affected);
	}

	@ParameterizedTest
	@CsvSource({ "1.1,true", "2.1,true", "1.6,false", "2.6,false", "7,true", "7.0.0,true", "7.1,false" })
	void anyRangeAndAnyVersionIsEnough(String version, boolean affected) throws Exception {
		write("A.json",
				advisory("A", "",
						affected("Maven", "g:a",
								ranges(range("introduced 1.0, fixed 1.5")) + ", " + "\"versions\": [\"7\"]"),
						affected("Maven", "g:a",
								ranges(range("introduced 2.0, fixed 2.5"), range("introduced 3.0, fixed 3.5")))));
		assertThat(affects("g:a", version)).isEqualTo(affected);
	}

	@ParameterizedTest
	@CsvSource({ "Maven,g:a,true", "Maven:https://repository.example/,g:a,true", "Mavenish,g:a,false", "npm,g:a,false",
			"Maven,g:other,false", "Maven,g:A,false" })
	void onlyThatPackageOfMavenIsAffected(String ecosystem, String name, boolean affected) throws Exception {
		write("A.json", advisory("A", "", affected(ecosystem, name, ranges(range("introduced 0")))));
		write("B.json", advisory("B", "", affected("Maven", "g:b", ranges(range("introduced 0")))));
		assertThat(affects("g:a", "1.0")).isEqualTo(affected);
	}

	@Test
	void withdrawnOneAffectsNothing() throws Exception {
		String everything = affected("Maven", "g:a", ranges(range("introduced 0")));
		write("A.json", advisory("A", "\"withdrawn\": \"2026-01-02T00:00:00Z\",", everything));
		write("B.json", advisory("B", "\"withdrawn\": null,", everything));
		assertThat(problems(new Dependency("g:a", "1.0"))).containsExactly("g:a:1.0: B");
	}

	@Test
	void whereNobodySaysWhichVersionsAllAre() throws Exception {
		write("A.json", advisory("A", "", affected("Maven", "g:a", "\"ranges\": []")));
		write("B.json", advisory("B", "", affected("Maven", "g:b",
				"\"ranges\": [{\"type\": \"GIT\", \"events\": [{\"introduced\": \"0\"}, {\"fixed\": \"c0ffee\"}]}]")));
		write("C.json", advisory("C", "", affected("Maven", "g:c",
				"\"versions\": [\"1.0\"], \"ranges\": [{\"type\": \"GIT\", \"events\": [{\"introduced\": \"0\"}]}]")));
		assertThat(problems(new Dependency("g:a", "1.0"), new Dependency("g:b", "1.0"), new Dependency("g:c", "1.1")))
			.containsExactlyInAnyOrder("g:a:1.0: A", "g:b:1.0: B");
	}

	@Test
	void zipIsReadLikeAFolderAndFoldersInIt() throws Exception {
		Path zip = this.folder.resolve("all.zip");
		try (OutputStream out = Files.newOutputStream(zip); ZipOutputStream entries = new ZipOutputStream(out)) {
			for (String id : List.of("A", "B")) {
				entries.putNextEntry(new ZipEntry("2026/01/" + id + ".json"));
				entries.write(advisory(id, "", affected("Maven", "g:a", ranges(range("introduced 0")))).getBytes());
			}
			entries.putNextEntry(new ZipEntry("README.md"));
		}
		assertThat(Advisories.read(zip).problems(List.of(new Dependency("g:a", "1.0")), Map.of()))
			.containsExactlyInAnyOrder("g:a:1.0: A", "g:a:1.0: B");
		Files.createDirectories(this.folder.resolve("2026/01"));
		write("2026/01/C.json", advisory("C", "", affected("Maven", "g:a", ranges(range("introduced 0")))));
		assertThat(affects("g:a", "1.0")).isTrue();
	}

	@Test
	void newestTellsHowOldTheDownloadIs() throws Exception {
		String affected = affected("Maven", "g:a", ranges(range("introduced 0")));
		write("A.json", advisory("A", "", affected));
		write("B.json", advisory("B", "", affected).replace("2026-01-01", "2026-03-01"));
		assertThat(Advisories.read(this.folder).newest()).isEqualTo("2026-03-01T00:00:00Z");
	}

	@Test
	void nothingAboutMavenIsAMistake() throws Exception {
		assertThatIllegalArgumentException().isThrownBy(() -> Advisories.read(this.folder));
		write("A.json", advisory("A", "", affected("npm", "a", ranges(range("introduced 0")))));
		write("package.json", "{\"name\": \"no advisory\"}");
		write("list.json", "[]");
		assertThatIllegalArgumentException().isThrownBy(() -> Advisories.read(this.folder))
			.withMessageContaining(this.folder.toString());
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{\"id\": \"A\"", "{events}", "{\"ranges\": [{\"events\": [{\"fixed\": \"1\"}]}]}",
			"{\"ranges\": [{\"events\": [{\"introduced\": \"0\"}, {\"mended\": \"1\"}]}]}",
			"{\"ranges\": [{\"events\": [{\"introduced\": 0}]}]}", "{\"versions\": [1]}" })
	void whatIsNotUnderstoodIsNotPassedOver(String content) throws Exception {
		write("fine.json", advisory("fine", "", affected("Maven", "g:a", ranges(range("introduced 0")))));
		String json = content.startsWith("{\"ranges") || content.startsWith("{\"versions")
				? advisory("A", "", affected("Maven", "g:a", content.substring(1, content.length() - 1))) : content;
		write("A.json", json);
		assertThatIllegalArgumentException().isThrownBy(() -> Advisories.read(this.folder))
			.withMessageContaining("A.json");
	}

	@Test
	void judgedOnesAreNoProblemAsLongAsTheyAffectSomething() throws Exception {
		write("A.json", advisory("A", "\"aliases\": [\"CVE-1\"], \"summary\": \"Bad\\u001b[2J\\nthing\",",
				affected("Maven", "g:a", ranges(range("introduced 0, fixed 2")))));
		Advisories advisories = Advisories.read(this.folder);
		List<Dependency> old = List.of(new Dependency("g:a", "1.0"));
		assertThat(advisories.problems(old, Map.of())).containsExactly("g:a:1.0: A = CVE-1: Bad [2J thing");
		assertThat(advisories.problems(old, Map.of("A", "because"))).isEmpty();
		assertThat(advisories.problems(old, Map.of("CVE-1", "because"))).isEmpty();
		assertThat(advisories.problems(old, Map.of("A", "because", "B", "because")))
			.containsExactly("B is judged, but affects nothing (any more)");
		assertThat(advisories.problems(List.of(new Dependency("g:a", "2.0")), Map.of("A", "because")))
			.containsExactly("A is judged, but affects nothing (any more)");
	}

	@Test
	void judgementsHaveReasons() throws Exception {
		Path list = this.folder.resolve("advisories.txt");
		Files.writeString(list, "# A comment\n\nA  we never do that\nB\tnor this \n");
		assertThat(Advisories.readJudged(list)).isEqualTo(Map.of("A", "we never do that", "B", "nor this"));
		Files.writeString(list, "A \n");
		assertThatIllegalArgumentException().isThrownBy(() -> Advisories.readJudged(list)).withMessageContaining("'A'");
	}

	@Test
	void dependenciesAreThoseOfTheBillOfMaterials() throws Exception {
		Path list = this.folder.resolve("dependencies.txt");
		Files.writeString(list, "io.netty:netty-buffer:4.2.17.Final 0d24 Apache-2.0\ng:a:1.0 - MIT / BSD\n");
		assertThat(Dependency.readAll(list)).containsExactly(new Dependency("io.netty:netty-buffer", "4.2.17.Final"),
				new Dependency("g:a", "1.0"));
		Files.writeString(list, "g:a 0d24 Apache-2.0\n");
		assertThatIllegalArgumentException().isThrownBy(() -> Dependency.readAll(list)).withMessageContaining("'g:a'");
	}

	private boolean affects(String name, String version) throws Exception {
		return !problems(new Dependency(name, version)).isEmpty();
	}

	private List<String> problems(Dependency... dependencies) throws Exception {
		return Advisories.read(this.folder).problems(List.of(dependencies), Map.of());
	}

	private void write(String name, String json) throws Exception {
		Files.writeString(this.folder.resolve(name), json);
	}

	private static String advisory(String id, String more, String... affected) {
		return "{\"schema_version\": \"1.4.0\", \"id\": \"%s\", \"modified\": \"2026-01-01T00:00:00Z\", %s \"affected\": [%s]}"
			.formatted(id, more, String.join(", ", affected));
	}

	private static String affected(String ecosystem, String name, String which) {
		return "{\"package\": {\"ecosystem\": \"%s\", \"name\": \"%s\"}, %s}".formatted(ecosystem, name, which);
	}

	private static String ranges(String... ranges) {
		return "\"ranges\": [" + String.join(", ", ranges) + "]";
	}

	/** Returns a range of events such as {@code introduced 0, fixed 2.0}. */
	private static String range(String events) {
		List<String> json = Arrays.stream(events.split(", "))
			.map((event) -> event.split(" "))
			.map((event) -> "{\"%s\": \"%s\"}".formatted(event[0], event[1]))
			.toList();
		return "{\"type\": \"ECOSYSTEM\", \"events\": [" + String.join(", ", json) + "]}";
	}

}
