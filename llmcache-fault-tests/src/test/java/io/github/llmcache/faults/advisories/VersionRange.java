package io.github.llmcache.faults.advisories;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.apache.maven.artifact.versioning.ComparableVersion;
import tools.jackson.databind.JsonNode;

/**
 * The versions between the events of an
 * <a href="https://ossf.github.io/osv-schema/#affectedranges-field">OSV range</a>, in the
 * order of Maven. Its limits are ignored, so that more is affected rather than less.
 *
 * @param events what happened, in the order of the versions
 */
record VersionRange(List<Event> events) {

	VersionRange {
		events = events.stream().sorted(Event.ORDER).toList();
	}

	/**
	 * Read a range.
	 * @throws IllegalArgumentException if there is an event that we do not know, or no
	 * beginning
	 */
	static VersionRange read(JsonNode json) {
		List<Event> events = new ArrayList<>();
		for (JsonNode event : json.path("events")) {
			for (Map.Entry<String, JsonNode> entry : event.properties()) {
				if (!entry.getKey().equals("limit")) {
					events.add(new Event(Kind.valueOf(entry.getKey().toUpperCase(Locale.ROOT)),
							entry.getValue().stringValue()));
				}
			}
		}
		if (events.stream().noneMatch((event) -> event.kind() == Kind.INTRODUCED)) {
			throw new IllegalArgumentException("A range without a beginning");
		}
		return new VersionRange(events);
	}

	boolean contains(ComparableVersion version) {
		boolean contained = false;
		for (Event event : this.events) {
			contained = switch (event.kind()) {
				case INTRODUCED -> contained || event.compareTo(version) <= 0;
				case FIXED -> contained && event.compareTo(version) > 0;
				case LAST_AFFECTED -> contained && event.compareTo(version) >= 0;
			};
		}
		return contained;
	}

	/**
	 * What can happen, in the order in which it happens to one version: what is fixed may
	 * be broken again, and what is broken may be so in that version only.
	 */
	enum Kind {

		FIXED, INTRODUCED, LAST_AFFECTED

	}

	/**
	 * Something that happened to a vulnerability.
	 *
	 * @param kind what
	 * @param version in which version; {@code 0} is before all others
	 */
	record Event(Kind kind, String version) {

		static final Comparator<Event> ORDER = Comparator.comparing(Event::isFirst, Comparator.reverseOrder())
			.thenComparing((event) -> new ComparableVersion(event.version()))
			.thenComparing(Event::kind);

		int compareTo(ComparableVersion version) {
			return isFirst() ? -1 : new ComparableVersion(this.version).compareTo(version);
		}

		private boolean isFirst() {
			return this.version.equals("0");
		}

	}

}
