package io.github.llmcache.cli.safetytooling;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.github.llmcache.UnknownProviderException;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ProviderPreset;
import io.github.llmcache.provider.ProviderProtocol;
import io.github.llmcache.provider.ProviderRouter;
import io.github.llmcache.provider.anthropic.AnthropicMessagesProtocol;
import io.github.llmcache.provider.gemini.GeminiProtocol;
import io.github.llmcache.provider.openai.OpenAiChatProtocol;
import io.github.llmcache.provider.openai.OpenAiCompletionsProtocol;
import org.jspecify.annotations.Nullable;

/**
 * Finds the provider that the library has asked, as it is known here: with the endpoint
 * of its preset.
 */
final class Providers {

	static final String COMPLETIONS = "openai-completions";

	/** Those that the library asks for completions of plain text. */
	private static final List<String> COMPLETION_MODELS = List.of("davinci-002", "babbage-002", "gpt-4-base",
			"gpt-3.5-turbo-instruct", "gpt-3.5-turbo-instruct-0914");

	/** What model ids with a slash begin with that are not of an aggregator. */
	private static final Set<String> COLLECTIONS = Set.of("models", "tunedModels");

	private final ProviderRouter router;

	private final @Nullable ProviderDefinition otherwise;

	private Providers(ProviderRouter router, @Nullable ProviderDefinition otherwise) {
		this.router = router;
		this.otherwise = otherwise;
	}

	static Providers create(@Nullable String otherwise) {
		List<ProviderProtocol> protocols = List.of(new OpenAiChatProtocol(), new OpenAiCompletionsProtocol(),
				new AnthropicMessagesProtocol(), new GeminiProtocol());
		List<ProviderDefinition> definitions = new ArrayList<>();
		for (ProviderPreset preset : ProviderPreset.values()) {
			definitions.add(ProviderDefinition.builder(preset.providerName(), protocols).build());
		}
		ProviderRouter presets = new ProviderRouter(definitions);
		ProviderDefinition openAi = presets.route("", ProviderPreset.OPENAI.providerName());
		definitions.add(ProviderDefinition.builder(COMPLETIONS, protocols)
			.protocol(COMPLETIONS)
			.baseUrl(openAi.baseUrl().toString())
			.models(COMPLETION_MODELS)
			.build());
		ProviderRouter router = new ProviderRouter(definitions);
		try {
			return new Providers(router, (otherwise != null) ? router.route("", otherwise) : null);
		}
		catch (UnknownProviderException ex) {
			throw new IllegalArgumentException("There is no provider of that name; choose one of "
					+ String.join(", ", definitions.stream().map(ProviderDefinition::name).toList()));
		}
	}

	/**
	 * Find the provider of a model.
	 * @param model the model's id
	 * @return the provider
	 * @throws UnmappableException if the id does not say whose the model is, and nobody
	 * else has
	 */
	ProviderDefinition ofModel(String model) {
		// 'deepseek-ai/…' is not asked for at DeepSeek: with a slash it is an
		// aggregator's
		int slash = model.indexOf('/');
		if (slash == -1 || COLLECTIONS.contains(model.substring(0, slash))) {
			try {
				return this.router.route(model, null);
			}
			catch (UnknownProviderException ex) {
				// Not to be told from the id
			}
		}
		if (this.otherwise == null) {
			throw new UnmappableException("its model's id does not say who its provider is; name it with --provider");
		}
		return this.otherwise;
	}

	/**
	 * Return OpenAI, which is the only one that the library asks for moderations and
	 * embeddings.
	 * @return the provider
	 */
	ProviderDefinition openAi() {
		return this.router.route("", ProviderPreset.OPENAI.providerName());
	}

}
