package io.github.llmcache.faults.advisories;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.apache.maven.artifact.versioning.ComparableVersion;
import tools.jackson.databind.JsonNode;

/**
 * What is known of a vulnerability of packages of Maven, from the
 * <a href="https://ossf.github.io/osv-schema/">OSV format</a>.
 *
 * @param ids its id, and those that others have given it
 * @param summary what it is, empty if nobody says so
 * @param modified when it was written or changed, in the form of RFC 3339
 * @param affected what it affects, never empty
 */
record Advisory(Set<String> ids, String summary, String modified, List<Affected> affected) {

	private static final String MAVEN = "Maven";

	/**
	 * Return an advisory, or empty if the JSON is none, is withdrawn or is about packages
	 * of others.
	 * @throws IllegalArgumentException if it is one and cannot be understood
	 */
	static Optional<Advisory> read(JsonNode json) {
		String id = json.path("id").asString("");
		if (id.isEmpty() || !json.has("modified") || json.hasNonNull("withdrawn")) {
			return Optional.empty();
		}
		List<Affected> affected = new ArrayList<>();
		try {
			for (JsonNode each : json.path("affected")) {
				String ecosystem = each.path("package").path("ecosystem").asString("");
				if (ecosystem.equals(MAVEN) || ecosystem.startsWith(MAVEN + ":")) {
					affected.add(Affected.read(each));
				}
			}
		}
		catch (RuntimeException ex) {
			throw new IllegalArgumentException("Advisory '%s' is not understood".formatted(oneLine(id)), ex);
		}
		if (affected.isEmpty()) {
			return Optional.empty();
		}
		Set<String> ids = new LinkedHashSet<>(List.of(id));
		json.path("aliases").forEach((alias) -> ids.add(alias.asString("")));
		return Optional.of(new Advisory(ids, oneLine(json.path("summary").asString("")),
				oneLine(json.path("modified").asString("")), affected));
	}

	boolean affects(Dependency dependency) {
		return this.affected.stream().anyMatch((each) -> each.contains(dependency));
	}

	/** What others have written may be meant for a terminal. */
	private static String oneLine(String text) {
		return text.replaceAll("\\p{Cntrl}+", " ");
	}

	@Override
	public String toString() {
		return oneLine(String.join(" = ", this.ids)) + (this.summary.isEmpty() ? "" : ": " + this.summary);
	}

	/**
	 * Versions of a package.
	 *
	 * @param name group and artifact, with a colon between them
	 * @param versions single versions
	 * @param ranges ranges of versions
	 */
	record Affected(String name, List<String> versions, List<VersionRange> ranges) {

		static Affected read(JsonNode json) {
			List<String> versions = new ArrayList<>();
			json.path("versions").forEach((version) -> versions.add(version.stringValue()));
			List<VersionRange> ranges = new ArrayList<>();
			for (JsonNode range : json.path("ranges")) {
				if (!range.path("type").asString("").equals("GIT")) {
					ranges.add(VersionRange.read(range));
				}
			}
			return new Affected(json.path("package").path("name").stringValue(), List.copyOf(versions),
					List.copyOf(ranges));
		}

		boolean contains(Dependency dependency) {
			if (!dependency.name().equals(this.name)) {
				return false;
			}
			if (this.versions.isEmpty() && this.ranges.isEmpty()) {
				// Nobody says which: better once too often
				return true;
			}
			ComparableVersion version = new ComparableVersion(dependency.version());
			return this.versions.stream().anyMatch((each) -> new ComparableVersion(each).equals(version))
					|| this.ranges.stream().anyMatch((range) -> range.contains(version));
		}

	}

}
