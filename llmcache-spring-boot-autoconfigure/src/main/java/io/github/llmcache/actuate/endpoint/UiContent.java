package io.github.llmcache.actuate.endpoint;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CachedResponse;
import io.github.llmcache.cache.RequestRecord;
import io.github.llmcache.transcript.Section;
import io.github.llmcache.transcript.StoredTranscript;
import org.jspecify.annotations.Nullable;

/**
 * What an entry says: a transcript for people, and the JSON that it was made of. Used by
 * one thread.
 */
final class UiContent {

	private final UiText texts = new UiText();

	private UiContent() {
	}

	/**
	 * Describe what an entry says.
	 * @param entry the entry
	 * @return the description
	 */
	static ContentDescriptor of(CacheEntry entry) {
		return new UiContent().describe(entry);
	}

	private ContentDescriptor describe(CacheEntry entry) {
		List<SectionDescriptor> sections = new ArrayList<>();
		for (Section section : StoredTranscript.of(entry)) {
			if (hasRoom()) {
				sections.add(new SectionDescriptor(section.kind(), this.texts.cut(section.heading()),
						this.texts.cut(section.text())));
			}
		}
		RequestRecord request = entry.request();
		String body = (request != null && hasRoom())
				? this.texts.cut(UiJson.member("body", request.json(), this.texts.room())) : null;
		List<String> responses = new ArrayList<>();
		for (CachedResponse response : entry.responses()) {
			if (hasRoom()) {
				responses.add(this.texts.cut(UiJson.pretty(response.body(), this.texts.room())));
			}
		}
		return new ContentDescriptor(sections, body, responses, this.texts.isTruncated());
	}

	private boolean hasRoom() {
		if (this.texts.isFull()) {
			this.texts.leaveOut();
			return false;
		}
		return true;
	}

	/**
	 * Description of what an entry says.
	 *
	 * @param sections the transcript
	 * @param request the body of the request as JSON, or {@code null} if it is not stored
	 * @param responses the bodies of the responses as JSON, or as they are if they are
	 * none
	 * @param truncated whether anything was too long and has been cut or left out
	 */
	@JsonInclude(JsonInclude.Include.ALWAYS)
	public record ContentDescriptor(List<SectionDescriptor> sections, @Nullable String request, List<String> responses,
			boolean truncated) {
	}

	/**
	 * Description of a part of a transcript.
	 *
	 * @param kind what it is
	 * @param heading its heading, one line
	 * @param text its text
	 */
	public record SectionDescriptor(Section.Kind kind, String heading, String text) {
	}

}
