package io.github.llmcache.provider;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * Providers that need no more than a key, or not even that. A configured provider of the
 * same name starts with these values.
 * <p>
 * There are patterns of models only where a model's id says whose it is: the others serve
 * models of many makers.
 */
public enum ProviderPreset {

	/** OpenAI. */
	OPENAI("openai", "https://api.openai.com/v1", "max_completion_tokens", List.of("OPENAI_API_KEY"),
			List.of("gpt*", "chatgpt*", "o1*", "o3*", "o4*", "ft:gpt*", "ft:o4*", "text-embedding-*",
					"omni-moderation*")),

	/** Anthropic. */
	ANTHROPIC("anthropic", "https://api.anthropic.com/v1", "max_tokens", List.of("ANTHROPIC_API_KEY"),
			List.of("claude*")),

	/**
	 * Google's Gemini API. Not the Gemma models: their ids do not say whose they are,
	 * since others serve them too.
	 */
	GEMINI("gemini", "https://generativelanguage.googleapis.com/v1beta", "maxOutputTokens",
			List.of("GEMINI_API_KEY", "GOOGLE_API_KEY"), List.of("gemini*", "models/gemini*", "tunedModels/*")),

	/** DeepSeek. */
	DEEPSEEK("openai", "https://api.deepseek.com", "max_tokens", List.of("DEEPSEEK_API_KEY"), List.of("deepseek*")),

	/** Together AI. */
	TOGETHER("openai", "https://api.together.ai/v1", "max_tokens", List.of("TOGETHER_API_KEY"), List.of()),

	/** OpenRouter. */
	OPENROUTER("openai", "https://openrouter.ai/api/v1", "max_tokens", List.of("OPENROUTER_API_KEY"), List.of()),

	/** Hugging Face Inference Providers. */
	HUGGINGFACE("openai", "https://router.huggingface.co/v1", "max_tokens", List.of("HF_TOKEN", "HUGGINGFACE_API_KEY"),
			List.of()),

	/**
	 * Gray Swan Cygnal. Takes its own key in a header of its own; a key for the provider
	 * behind it goes into a configured {@code Authorization} header.
	 */
	GRAYSWAN("openai", "https://api.grayswan.ai/cygnal", "max_completion_tokens", List.of("GRAYSWAN_API_KEY"),
			List.of("cygnet*"), "grayswan-api-key"),

	/** A vLLM server on this machine. */
	VLLM("openai", "http://localhost:8000/v1", "max_tokens", List.of(), List.of()),

	/** An Ollama server on this machine. */
	OLLAMA("openai", "http://localhost:11434/v1", "max_tokens", List.of(), List.of());

	private final String protocol;

	private final URI baseUrl;

	private final String maxTokensParameter;

	private final List<String> apiKeyVariables;

	private final List<String> models;

	private final @Nullable String apiKeyHeader;

	ProviderPreset(String protocol, String baseUrl, String maxTokensParameter, List<String> apiKeyVariables,
			List<String> models) {
		this(protocol, baseUrl, maxTokensParameter, apiKeyVariables, models, null);
	}

	ProviderPreset(String protocol, String baseUrl, String maxTokensParameter, List<String> apiKeyVariables,
			List<String> models, @Nullable String apiKeyHeader) {
		this.protocol = protocol;
		this.baseUrl = URI.create(baseUrl);
		this.maxTokensParameter = maxTokensParameter;
		this.apiKeyVariables = apiKeyVariables;
		this.models = models;
		this.apiKeyHeader = apiKeyHeader;
	}

	/**
	 * Return the preset of a provider.
	 * @param providerName the configured name of the provider
	 * @return the preset, or empty if there is none of that name
	 */
	public static Optional<ProviderPreset> find(String providerName) {
		for (ProviderPreset preset : values()) {
			if (preset.providerName().equals(providerName)) {
				return Optional.of(preset);
			}
		}
		return Optional.empty();
	}

	/**
	 * Return the name of the provider.
	 * @return the name, such as {@code openai}
	 */
	public String providerName() {
		return name().toLowerCase(Locale.ROOT);
	}

	/**
	 * Return the name of the protocol that the provider speaks.
	 * @return the name of the protocol
	 */
	String protocol() {
		return this.protocol;
	}

	/**
	 * Return the URL below which the provider's operations are.
	 * @return the URL
	 */
	URI baseUrl() {
		return this.baseUrl;
	}

	/**
	 * Return the name under which the provider wants the most tokens to answer.
	 * @return the name of the member
	 */
	String maxTokensParameter() {
		return this.maxTokensParameter;
	}

	/**
	 * Return the environment variables that hold the provider's key by convention.
	 * @return the names of the variables, first come first served; empty if the provider
	 * needs no key
	 */
	List<String> apiKeyVariables() {
		return this.apiKeyVariables;
	}

	/**
	 * Return the patterns of the models that the provider answers for.
	 * @return the patterns
	 */
	List<String> models() {
		return this.models;
	}

	boolean isApiKeyRequired() {
		return !this.apiKeyVariables.isEmpty();
	}

	@Nullable String apiKeyHeader() {
		return this.apiKeyHeader;
	}

}
