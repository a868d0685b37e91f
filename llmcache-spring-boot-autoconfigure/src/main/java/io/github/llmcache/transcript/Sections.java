package io.github.llmcache.transcript;

import java.util.ArrayList;
import java.util.List;

import io.github.llmcache.transcript.Section.Kind;

/**
 * Collects the sections of a transcript. Nothing that is added controls a terminal. Used
 * by one thread.
 */
final class Sections {

	private static final int LONGEST_HEADING = 400;

	private final List<Section> sections = new ArrayList<>();

	void add(Kind kind, String heading, String text) {
		this.sections.add(new Section(kind, heading(heading), PlainText.of(text)));
	}

	private static String heading(String heading) {
		String line = (heading.length() > LONGEST_HEADING) ? heading.substring(0, LONGEST_HEADING) + "\u2026" : heading;
		return PlainText.of(line).replace('\n', ' ');
	}

	List<Section> toList() {
		return List.copyOf(this.sections);
	}

}
