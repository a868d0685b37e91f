package io.github.llmcache.cache;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;

/**
 * Replaces secrets of known forms, such as API keys, in what is stored. In JSON, texts
 * and names are looked through as they read, not as they are escaped; all else stays as
 * it is, byte for byte. Thread-safe.
 */
public final class SecretRedaction {

	/** Finds nothing, and takes no time. */
	public static final SecretRedaction NONE = new SecretRedaction(List.of(), Map.of());

	/** Finds the forms that are known. */
	static final SecretRedaction KNOWN = new SecretRedaction(SecretForm.KNOWN, Map.of());

	/** More than a pattern reads that does not try the same again and again. */
	private static final int READS_PER_CHARACTER = 200;

	/** What is stored has been parsed before, with narrower limits. */
	private static final JsonFactory factory = JsonFactory.builder()
		.streamReadConstraints(StreamReadConstraints.builder()
			.maxNestingDepth(2000)
			.maxNumberLength(Integer.MAX_VALUE)
			.maxNameLength(Integer.MAX_VALUE)
			.maxStringLength(Integer.MAX_VALUE)
			.build())
		.build();

	private final boolean enabled;

	private final SecretForms forms;

	private final Map<String, Pattern> additional;

	private SecretRedaction(List<SecretForm> forms, Map<String, Pattern> additional) {
		this.enabled = !forms.isEmpty() || !additional.isEmpty();
		this.forms = new SecretForms(forms);
		this.additional = additional;
	}

	/**
	 * Create a redaction of the forms that are known, and others.
	 * @param additional patterns of further secrets, by the names that take their place
	 * @return the redaction
	 */
	public static SecretRedaction of(Map<String, Pattern> additional) {
		return additional.isEmpty() ? KNOWN : new SecretRedaction(SecretForm.KNOWN, new LinkedHashMap<>(additional));
	}

	/**
	 * Return what takes the place of a secret.
	 * @param name what the secret is
	 * @return the text, which JSON does not escape
	 */
	static String label(String name) {
		return "[redacted " + name + "]";
	}

	/**
	 * Return whether anything is looked for.
	 */
	boolean isEnabled() {
		return this.enabled;
	}

	/**
	 * Replace the secrets in a text.
	 * @param text the text
	 * @return the text without them, the same object if there are none
	 */
	public String text(String text) {
		if (!this.enabled) {
			return text;
		}
		try {
			return redact(text);
		}
		catch (SecretRedactionException ex) {
			return label("text");
		}
	}

	private String redact(String text) {
		String redacted = this.forms.redact(text);
		for (Map.Entry<String, Pattern> form : this.additional.entrySet()) {
			redacted = redact(redacted, form.getValue(), label(form.getKey()));
		}
		return redacted;
	}

	private static String redact(String text, Pattern pattern, String label) {
		try {
			Matcher matcher = pattern.matcher(new CountedText(text, READS_PER_CHARACTER));
			StringBuilder redacted = null;
			int copied = 0;
			while (matcher.find()) {
				// Nothing at all is no secret
				if (matcher.end() > matcher.start()) {
					redacted = (redacted != null) ? redacted : new StringBuilder(text.length());
					redacted.append(text, copied, matcher.start()).append(label);
					copied = matcher.end();
				}
			}
			return (redacted != null) ? redacted.append(text, copied, text.length()).toString() : text;
		}
		catch (StackOverflowError ex) {
			// Of alternatives that are repeated
			throw new SecretRedactionException("A pattern of llmcache.redaction.patterns nests too deeply");
		}
	}

	/**
	 * Replace the secrets in a response.
	 * @param response the response
	 * @return the response without them, the same object if there are none
	 * @throws SecretRedactionException if that cannot be told
	 */
	CachedResponse response(CachedResponse response) {
		byte[] body = json(response.body(), false);
		return (body == response.body()) ? response
				: new CachedResponse(body, response.samples(), response.inputTokens(), response.outputTokens(),
						response.costNanos(), response.finishReason(), response.createdAt(), response.duration(),
						response.requestId());
	}

	/**
	 * Replace the secrets in a request, which is marked then: its key cannot be computed
	 * any more.
	 * @param request the request
	 * @return the request without them, the same object if there are none
	 * @throws SecretRedactionException if that cannot be told
	 */
	RequestRecord request(RequestRecord request) {
		byte[] json = json(request.json(), true);
		return (json == request.json()) ? request : new RequestRecord(request.hashes(), mark(json));
	}

	/**
	 * Replace the secrets in a request that is compared with what is stored.
	 * @param request the request
	 * @return the request without them, which has another key; the same object if there
	 * are none
	 */
	CacheRequest toCompare(CacheRequest request) {
		if (!this.enabled) {
			return request;
		}
		RequestRecord record = RequestRecord.of(request);
		try {
			RequestRecord redacted = request(record);
			return (redacted == record) ? request : StoredRequest.parse(redacted.json())
				.toRequest(request.model(), request.messagesMember(), request.hasher());
		}
		catch (SecretRedactionException | UnreadableEntryException ex) {
			return request;
		}
	}

	private static byte[] mark(byte[] request) {
		byte[] mark = (",\"" + StoredRequest.REDACTED + "\":true}").getBytes(StandardCharsets.UTF_8);
		ByteArrayOutputStream marked = new ByteArrayOutputStream(request.length + mark.length);
		marked.write(request, 0, request.length - 1);
		marked.writeBytes(mark);
		return marked.toByteArray();
	}

	private byte[] json(byte[] json, boolean request) {
		if (!this.enabled || this.additional.isEmpty() && !this.forms.canBeIn(json)) {
			return json;
		}
		try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), json)) {
			return new Splice(json, request).read(parser);
		}
		catch (JacksonException ex) {
			// Not the cause, whose message shows what it has read
			throw new SecretRedactionException("What is to be stored is no JSON");
		}
	}

	/**
	 * JSON some of whose strings are replaced.
	 */
	private final class Splice {

		private final byte[] json;

		private final boolean request;

		private final ByteArrayOutputStream spliced = new ByteArrayOutputStream();

		private int copied;

		private int names;

		private Splice(byte[] json, boolean request) {
			this.json = json;
			this.request = request;
		}

		private byte[] read(JsonParser parser) {
			boolean namespace = false;
			for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
				if (token == JsonToken.PROPERTY_NAME) {
					String name = parser.currentName();
					// Of an entry, not of what was asked, and in other places as well
					namespace = this.request && parser.streamReadContext().getNestingDepth() == 1
							&& name.equals("namespace");
					replace(parser, name, true);
				}
				else if (token == JsonToken.VALUE_STRING && !namespace) {
					replace(parser, Objects.requireNonNull(parser.getString()), false);
				}
			}
			if (this.copied == 0) {
				return this.json;
			}
			this.spliced.write(this.json, this.copied, this.json.length - this.copied);
			return this.spliced.toByteArray();
		}

		private void replace(JsonParser parser, String text, boolean name) {
			String redacted = redact(text);
			if (redacted.equals(text)) {
				return;
			}
			if (isJson(text) && !isJson(redacted)) {
				// Such as arguments of a tool, which nobody could call any more
				throw new SecretRedactionException("JSON in a text would not be JSON any more");
			}
			if (name && this.names++ > 0) {
				// Two members of an object must not have the same name
				redacted += " " + this.names;
			}
			int start = Math.toIntExact(parser.currentTokenLocation().getByteOffset());
			if (start < this.copied || this.json[start] != '"') {
				throw new SecretRedactionException("What is to be stored is not UTF-8");
			}
			this.spliced.write(this.json, this.copied, start + 1 - this.copied);
			this.spliced.writeBytes(quote(redacted));
			this.copied = end(start + 1);
		}

		private static boolean isJson(String text) {
			String start = text.stripLeading();
			if (!start.startsWith("{") && !start.startsWith("[")) {
				return false;
			}
			try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), text)) {
				JsonToken token = parser.nextToken();
				while (token != null) {
					token = parser.nextToken();
				}
				return true;
			}
			catch (JacksonException ex) {
				return false;
			}
		}

		/**
		 * Escape a text. UTF-8 has no lone surrogates; escaped they are kept.
		 */
		private static byte[] quote(String text) {
			StringBuilder quoted = new StringBuilder(text.length());
			JsonStringEncoder.getInstance().quoteAsString(text, quoted);
			for (int i = quoted.length() - 1; i >= 0; i--) {
				if (Character.getType(quoted.codePointAt(i)) == Character.SURROGATE
						&& !(i > 0 && Character.isSurrogatePair(quoted.charAt(i - 1), quoted.charAt(i)))) {
					quoted.replace(i, i + 1, String.format(Locale.ROOT, "\\u%04x", (int) quoted.charAt(i)));
				}
			}
			return quoted.toString().getBytes(StandardCharsets.UTF_8);
		}

		/**
		 * Return where the string ends, at its closing quote: the parser may be further.
		 */
		private int end(int start) {
			int end = start;
			while (this.json[end] != '"') {
				end += (this.json[end] == '\\') ? 2 : 1;
			}
			return end;
		}

	}

}
