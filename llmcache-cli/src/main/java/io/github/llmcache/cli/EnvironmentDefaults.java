package io.github.llmcache.cli;

import java.util.Map;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Takes from the environment what the command line does not say. Not by variables of
 * picocli, which would show a password in the help.
 */
final class EnvironmentDefaults implements IDefaultValueProvider {

	private static final Map<String, String> VARIABLES = Map.of("--backend", "LLMCACHE_BACKEND", "--directory",
			"LLMCACHE_DIRECTORY", "--redis-url", "LLMCACHE_REDIS_URL");

	private static final Map<String, String> SECRETS = Map.of("--encryption-key", "LLMCACHE_ENCRYPTION_KEY",
			"--encryption-new-key", "LLMCACHE_ENCRYPTION_NEW_KEY");

	private final UnaryOperator<@Nullable String> environment;

	EnvironmentDefaults(UnaryOperator<@Nullable String> environment) {
		this.environment = environment;
	}

	@Override
	public @Nullable String defaultValue(ArgSpec argument) {
		if (!(argument instanceof OptionSpec option)) {
			return null;
		}
		String secret = value(SECRETS.get(option.longestName()));
		return (secret != null) ? SecretText.marked(secret) : value(VARIABLES.get(option.longestName()));
	}

	private @Nullable String value(@Nullable String variable) {
		String value = (variable != null) ? this.environment.apply(variable) : null;
		return (value != null && !value.isBlank()) ? value : null;
	}

}
