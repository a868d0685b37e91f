package io.github.llmcache.cache;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a kind of secret looks like: text that begins with an anchor, by which it is
 * found, and matches a pattern. Patterns take time in proportion to the text: repetitions
 * are possessive, and what can repeat an anchor is not looked at again from there.
 *
 * @param name what the secret is called where it was
 * @param anchor what it begins with, at least two ASCII characters that JSON does not
 * escape
 * @param pattern what it is as a whole
 */
record SecretForm(String name, String anchor, Pattern pattern) {

	/**
	 * Not in the middle of a word. A line break can be there as it is escaped in JSON
	 * that is itself a string.
	 */
	private static final String START = "(?:(?<![A-Za-z0-9_-])|(?<=\\\\[nrt]))";

	/** The same where standard Base64, such as that of an image, can hold the anchor. */
	private static final String NO_BASE64 = "(?:(?<![A-Za-z0-9_+/-])|(?<=\\\\[nrt]))";

	private static final String WORD = "[A-Za-z0-9_-]";

	/**
	 * The forms that are known, of two with the same beginning the longer anchor first.
	 * They are as their issuers describe them:
	 * <ul>
	 * <li>OpenAI: keys begin with <code>sk-</code>, those of projects, service accounts
	 * and administrators with <code>sk-proj-</code>, <code>sk-svcacct-</code> and
	 * <code>sk-admin-</code>; other providers have taken over <code>sk-</code>
	 * (<a href="https://platform.openai.com/docs/api-reference/authentication">API
	 * reference</a>)</li>
	 * <li>Anthropic: <code>sk-ant-</code>
	 * (<a href="https://docs.anthropic.com/en/api/overview">API overview</a>)</li>
	 * <li>Google: <code>AIza</code> and 35 characters
	 * (<a href="https://cloud.google.com/docs/authentication/api-keys">API keys</a>);
	 * OAuth access tokens begin with <code>ya29.</code></li>
	 * <li>AWS: access key ids are <code>AKIA</code> or <code>ASIA</code> and 16
	 * characters (<a href=
	 * "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html">IAM
	 * identifiers</a>); the secret key has no form of its own and is found behind its
	 * usual names</li>
	 * <li>GitHub: <code>ghp_</code>, <code>gho_</code>, <code>ghu_</code>,
	 * <code>ghs_</code>, <code>ghr_</code>, <code>github_pat_</code> (<a href=
	 * "https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github">About
	 * authentication</a>)</li>
	 * <li>GitLab: <code>glpat-</code> and the like
	 * (<a href="https://docs.gitlab.com/security/tokens/">Token overview</a>)</li>
	 * <li>Slack: <code>xoxb-</code> and the like, <code>xapp-</code>
	 * (<a href="https://docs.slack.dev/authentication/tokens">Tokens</a>), and the
	 * addresses of incoming webhooks</li>
	 * <li>Stripe: <code>sk_live_</code>, <code>rk_live_</code>, the same of tests, and
	 * <code>whsec_</code> (<a href="https://docs.stripe.com/keys">API keys</a>)</li>
	 * <li>Hugging Face: <code>hf_</code>
	 * (<a href="https://huggingface.co/docs/hub/security-tokens">User access
	 * tokens</a>)</li>
	 * <li>JSON Web Tokens: <a href="https://www.rfc-editor.org/rfc/rfc7519">RFC 7519</a>,
	 * whose header is an object and therefore begins with <code>eyJ</code></li>
	 * <li>Private keys: <a href="https://www.rfc-editor.org/rfc/rfc7468">RFC 7468</a>,
	 * and those of OpenSSH and OpenPGP, which are written alike</li>
	 * <li>Bearer tokens: <a href="https://www.rfc-editor.org/rfc/rfc6750">RFC 6750</a>;
	 * words without any digit are not taken for one</li>
	 * </ul>
	 */
	static final List<SecretForm> KNOWN = List.of(form("anthropic-key", "sk-ant-", START + "sk-ant-" + WORD + "{20,}+"),
			form("openai-key", "sk-", START + "sk-(?=[A-Za-z_-]*+[0-9])" + WORD + "{20,}+"),
			form("google-key", "AIza", NO_BASE64 + "AIza" + WORD + "{35}+(?!" + WORD + ")"),
			form("google-token", "ya29.", START + "ya29\\.[A-Za-z0-9_.-]{20,}+"),
			form("aws-key", "AKIA", NO_BASE64 + "AKIA[A-Z2-7]{16}+(?![A-Za-z0-9_+/-])"),
			form("aws-key", "ASIA", NO_BASE64 + "ASIA[A-Z2-7]{16}+(?![A-Za-z0-9_+/-])"), awsSecret("secret_access_key"),
			awsSecret("SECRET_ACCESS_KEY"), awsSecret("SecretAccessKey"), awsSecret("secretAccessKey"), github("ghp_"),
			github("gho_"), github("ghu_"), github("ghs_"), github("ghr_"),
			form("github-token", "github_pat_", START + "github_pat_[A-Za-z0-9_]{36,}+"), gitlab("glpat-"),
			gitlab("gloas-"), gitlab("gldt-"), gitlab("glrt-"), gitlab("glptt-"), gitlab("glft-"), gitlab("glimt-"),
			gitlab("glagent-"), gitlab("glsoat-"), gitlab("glcbt-"),
			form("slack-token", "xox", START + "xox[a-z](?:\\.xox[a-z])?-[A-Za-z0-9-]{10,}+"),
			form("slack-token", "xapp-", START + "xapp-[A-Za-z0-9-]{10,}+"),
			form("slack-webhook", "hooks.slack.com",
					"hooks\\.slack\\.com\\\\?/(?:services|workflows|triggers)(?:\\\\?/" + WORD + "++){2,5}+"),
			stripe("sk_live_"), stripe("sk_test_"), stripe("rk_live_"), stripe("rk_test_"),
			form("stripe-secret", "whsec_", START + "whsec_[A-Za-z0-9+/=]{20,}+"),
			form("hugging-face-token", "hf_", START + "hf_[A-Za-z0-9]{30,}+"),
			form("json-web-token", "eyJ",
					NO_BASE64 + "eyJ" + WORD + "{10,}+\\.eyJ" + WORD + "{10,}+\\." + WORD + "{10,}+"),
			// Without its end it is one that was cut off
			form("private-key", "-----BEGIN ", "-----BEGIN (?:[A-Z0-9]{1,16}+ ){0,4}PRIVATE KEY(?: BLOCK)?-----"
					+ "(?:[^-]*+(?:-{1,4}[^-]++){0,8}+-----END [A-Z0-9 ]{0,60}+-----" + "|[A-Za-z0-9+/=\\s\\\\]*+)"),
			bearer("Bearer "), bearer("bearer "), bearer("BEARER "));

	private static SecretForm form(String name, String anchor, String regex) {
		return new SecretForm(name, anchor, Pattern.compile(regex));
	}

	private static SecretForm awsSecret(String anchor) {
		return form("aws-secret-key", anchor,
				anchor + "[\"'\\\\\\s]{0,8}+[:=][\"'\\\\\\s]{0,8}+[A-Za-z0-9+/]{40}+(?![A-Za-z0-9+/=])");
	}

	private static SecretForm github(String anchor) {
		return form("github-token", anchor, START + anchor + "[A-Za-z0-9]{36,}+");
	}

	private static SecretForm gitlab(String anchor) {
		return form("gitlab-token", anchor, START + anchor + "[A-Za-z0-9_.-]{20,}+");
	}

	private static SecretForm stripe(String anchor) {
		return form("stripe-key", anchor, START + anchor + "[A-Za-z0-9]{16,}+");
	}

	private static SecretForm bearer(String anchor) {
		return form("bearer-token", anchor,
				"(?:(?<![A-Za-z])|(?<=\\\\[nrt]))" + anchor + "(?=[A-Za-z._~+/-]*+[0-9])[A-Za-z0-9._~+/-]{20,}+=*+");
	}

	/**
	 * Find a secret of this form at a place.
	 * @param text the text
	 * @param start where the anchor is
	 * @return where the secret ends, or -1 if there is none
	 */
	int end(String text, int start) {
		Matcher matcher = this.pattern.matcher(text).region(start, text.length());
		// What is before the place counts, too
		matcher.useTransparentBounds(true);
		return matcher.lookingAt() ? matcher.end() : -1;
	}

}
