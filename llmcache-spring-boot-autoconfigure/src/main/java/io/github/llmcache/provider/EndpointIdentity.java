package io.github.llmcache.provider;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The one spelling of a base URL that all equivalent spellings share. Changes only what
 * RFC 3986 calls equivalent, and leaves out what does not tell one endpoint from another.
 */
final class EndpointIdentity {

	private EndpointIdentity() {
	}

	/**
	 * Return the identity of an endpoint.
	 * @param baseUrl the absolute URL below which its operations are
	 * @return the URL with scheme and host in lower case, without user information,
	 * default port, dot segments, trailing slashes, query and fragment
	 */
	static String of(URI baseUrl) {
		// Percent-encodes what is not ASCII
		URI url = URI.create(baseUrl.toASCIIString());
		String scheme = url.getScheme().toLowerCase(Locale.ROOT);
		StringBuilder identity = new StringBuilder(scheme).append("://").append(url.getHost().toLowerCase(Locale.ROOT));
		if (url.getPort() != -1 && url.getPort() != defaultPort(scheme)) {
			identity.append(':').append(url.getPort());
		}
		return identity.append(normalizePath(url.getRawPath())).toString();
	}

	private static int defaultPort(String scheme) {
		return scheme.equals("https") ? 443 : 80;
	}

	private static String normalizePath(String path) {
		String encoded = normalizeEncoding(path);
		int end = encoded.length();
		while (end > 0 && encoded.charAt(end - 1) == '/') {
			end--;
		}
		// Not URI.normalize(), for which a//b is a/b
		List<String> segments = new ArrayList<>();
		for (String segment : encoded.substring(0, end).split("/", -1)) {
			if (segment.equals("..")) {
				if (segments.size() > 1) {
					segments.remove(segments.size() - 1);
				}
			}
			else if (!segment.equals(".")) {
				segments.add(segment);
			}
		}
		String normalized = String.join("/", segments);
		// What was in front of a trailing '..' can be an empty segment
		return normalized.endsWith("/") ? normalizePath(normalized) : normalized;
	}

	private static String normalizeEncoding(String path) {
		StringBuilder normalized = new StringBuilder(path.length());
		for (int i = 0; i < path.length(); i++) {
			char c = path.charAt(i);
			if (c != '%') {
				normalized.append(c);
				continue;
			}
			char decoded = (char) Integer.parseInt(path.substring(i + 1, i + 3), 16);
			if (isUnreserved(decoded)) {
				normalized.append(decoded);
			}
			else {
				normalized.append(path.substring(i, i + 3).toUpperCase(Locale.ROOT));
			}
			i += 2;
		}
		return normalized.toString();
	}

	private static boolean isUnreserved(char c) {
		return c < 128 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) != -1);
	}

}
