package io.github.llmcache.provider;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.llmcache.UnknownProviderException;
import org.jspecify.annotations.Nullable;

/**
 * Finds the provider that answers for a model. Does no I/O, and is thread-safe.
 */
public final class ProviderRouter {

	private static final int NO_MATCH = -1;

	/** Model ids may come from users; the memory they take must not be up to them. */
	static final int MAX_ROUTES = 1000;

	private final Map<String, ProviderDefinition> providers;

	/** What has been found by models, for there may be many patterns. */
	private final Map<String, ProviderDefinition> routes = new ConcurrentHashMap<>();

	/**
	 * Create a router.
	 * @param providers the configured providers
	 */
	public ProviderRouter(Collection<ProviderDefinition> providers) {
		Map<String, ProviderDefinition> byName = new LinkedHashMap<>();
		for (ProviderDefinition provider : providers) {
			if (byName.putIfAbsent(provider.name(), provider) != null) {
				throw new IllegalArgumentException("Two providers are named " + Text.quote(provider.name()));
			}
		}
		this.providers = byName;
	}

	/**
	 * Find the provider for a request.
	 * @param model the id of the model
	 * @param provider the name of the provider that the request asks for, or {@code null}
	 * for the one whose patterns match the model best: one that is the id itself, else
	 * the one with the longest prefix
	 * @return the provider
	 * @throws UnknownProviderException if there is none, or there is more than one that
	 * matches equally well
	 */
	public ProviderDefinition route(String model, @Nullable String provider) {
		if (provider != null) {
			return findByName(provider);
		}
		ProviderDefinition known = this.routes.get(model);
		if (known != null) {
			return known;
		}
		ProviderDefinition found = findByModel(model);
		if (this.routes.size() < MAX_ROUTES) {
			this.routes.put(model, found);
		}
		return found;
	}

	/**
	 * Check that a provider can be asked. What is cached needs no key.
	 * @param provider the provider
	 * @throws UnknownProviderException if it has no key but needs one
	 */
	public static void requireApiKey(ProviderDefinition provider) {
		if (!isUsable(provider)) {
			throw new UnknownProviderException(describeMissingKey(provider));
		}
	}

	/**
	 * Return the configured providers.
	 * @return the providers
	 */
	public List<ProviderDefinition> providers() {
		return List.copyOf(this.providers.values());
	}

	private ProviderDefinition findByName(String name) {
		ProviderDefinition provider = this.providers.get(name);
		if (provider == null) {
			throw new UnknownProviderException("No provider is named " + Text.quote(name) + ". " + describeProviders()
					+ " Set llmcache.providers.<name>.base-url and .protocol to add one.");
		}
		return provider;
	}

	private ProviderDefinition findByModel(String model) {
		List<ProviderDefinition> candidates = new ArrayList<>();
		int best = NO_MATCH;
		for (ProviderDefinition provider : this.providers.values()) {
			int match = NO_MATCH;
			for (String pattern : provider.models()) {
				match = Math.max(match, match(pattern, model));
			}
			if (match > best) {
				candidates.clear();
				best = match;
			}
			if (match == best && match != NO_MATCH) {
				candidates.add(provider);
			}
		}
		if (candidates.isEmpty()) {
			throw new UnknownProviderException("No provider for model " + Text.quote(model) + ". " + describeProviders()
					+ " Set llmcache.providers.<name>.models to include it, or name a provider on the request.");
		}
		return (candidates.size() > 1) ? choose(candidates, model) : candidates.get(0);
	}

	/**
	 * Return how well a pattern matches: the length of the prefix, or more than any
	 * prefix for the id itself.
	 */
	private static int match(String pattern, String model) {
		if (!pattern.endsWith("*")) {
			return pattern.equals(model) ? Integer.MAX_VALUE : NO_MATCH;
		}
		int length = pattern.length() - 1;
		return model.regionMatches(0, pattern, 0, length) ? length : NO_MATCH;
	}

	private ProviderDefinition choose(List<ProviderDefinition> candidates, String model) {
		List<ProviderDefinition> usable = candidates.stream().filter(ProviderRouter::isUsable).toList();
		if (usable.size() == 1) {
			return usable.get(0);
		}
		List<ProviderDefinition> tied = usable.isEmpty() ? candidates : usable;
		List<String> names = tied.stream().map(ProviderDefinition::name).toList();
		if (usable.isEmpty()) {
			throw new UnknownProviderException("The providers for model " + Text.quote(model) + " have no API key. "
					+ String.join(" ", tied.stream().map(ProviderRouter::describeMissingKey).toList()));
		}
		throw new UnknownProviderException("Model " + Text.quote(model) + " matches providers " + Text.list(names)
				+ " equally well. Name one on the request, or change llmcache.providers.<name>.models of one.");
	}

	private static boolean isUsable(ProviderDefinition provider) {
		return !provider.apiKeyRequired() || provider.apiKey() != null;
	}

	private static String describeMissingKey(ProviderDefinition provider) {
		StringBuilder description = new StringBuilder("Provider '").append(provider.name())
			.append("' has no API key. Set ")
			.append(provider.property("api-key"));
		ProviderPreset.find(provider.name())
			.map(ProviderPreset::apiKeyVariables)
			.filter((variables) -> !variables.isEmpty())
			.ifPresent((variables) -> description.append(" or the environment variable ")
				.append(String.join(" or ", variables)));
		return description.append('.').toString();
	}

	private String describeProviders() {
		if (this.providers.isEmpty()) {
			return "Configured: none.";
		}
		List<String> descriptions = new ArrayList<>();
		this.providers.forEach((name, provider) -> {
			String models = provider.models().isEmpty() ? "no models" : Text.list(provider.models());
			descriptions.add(name + " (" + models + (isUsable(provider) ? "" : "; no API key") + ")");
		});
		return "Configured: " + String.join(", ", descriptions) + ".";
	}

}
