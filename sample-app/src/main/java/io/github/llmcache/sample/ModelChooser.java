package io.github.llmcache.sample;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

import io.github.llmcache.CacheMode;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.StringUtils;

/**
 * Chooses the model to ask by the keys that are there. Without any, starts the
 * {@link StandInProvider stand-in}, unless its answers are replayed, and configures it as
 * a provider, before the context reads its configuration.
 */
class ModelChooser implements ApplicationContextInitializer<ConfigurableApplicationContext> {

	static final String OPENAI_MODEL = "gpt-4o-mini";

	static final String ANTHROPIC_MODEL = "claude-haiku-4-5";

	/** Where nothing listens. */
	private static final URI NOBODY = URI.create("http://127.0.0.1:1");

	@Override
	public void initialize(ConfigurableApplicationContext context) {
		ConfigurableEnvironment environment = context.getEnvironment();
		SampleProperties properties = Binder.get(environment).bindOrCreate("sample", SampleProperties.class);
		ModelChoice choice;
		if (properties.standIn()) {
			choice = standIn(context, "As 'sample.stand-in' says");
		}
		else if (StringUtils.hasText(properties.model())) {
			choice = new ModelChoice(properties.model(),
					"As 'sample.model' says: asking %s.".formatted(properties.model()));
		}
		else if (hasKey(environment, "openai", "OPENAI_API_KEY")) {
			choice = new ModelChoice(OPENAI_MODEL,
					"There is a key for OpenAI: asking %s, for real money.".formatted(OPENAI_MODEL));
		}
		else if (hasKey(environment, "anthropic", "ANTHROPIC_API_KEY")) {
			choice = new ModelChoice(ANTHROPIC_MODEL,
					"There is a key for Anthropic: asking %s, for real money.".formatted(ANTHROPIC_MODEL));
		}
		else {
			choice = standIn(context, "No OPENAI_API_KEY or ANTHROPIC_API_KEY");
		}
		context.getBeanFactory().registerSingleton("modelChoice", choice);
	}

	private static boolean hasKey(Environment environment, String provider, String variable) {
		return StringUtils.hasText(environment.getProperty("llmcache.providers." + provider + ".api-key"))
				|| StringUtils.hasText(environment.getProperty(variable));
	}

	private static ModelChoice standIn(ConfigurableApplicationContext context, String reason) {
		if (isReplay(context.getEnvironment())) {
			addProperties(context, NOBODY);
			return new ModelChoice(StandInProvider.MODEL,
					"%s: what a stand-in has answered is replayed, and nobody is asked.".formatted(reason));
		}
		StandInProvider standIn = StandInProvider.start();
		DefaultListableBeanFactory beanFactory = (DefaultListableBeanFactory) context.getBeanFactory();
		beanFactory.registerSingleton("standInProvider", standIn);
		beanFactory.registerDisposableBean("standInProvider", standIn::close);
		addProperties(context, standIn.url());
		return new ModelChoice(StandInProvider.MODEL, """
				%s: asking a stand-in on %s that speaks the OpenAI protocol
				(answers are canned, delays and token counts are real). Dollars are what %s would cost."""
			.formatted(reason, standIn.url(), OPENAI_MODEL));
	}

	private static boolean isReplay(Environment environment) {
		return Binder.get(environment)
			.bind("llmcache.mode", CacheMode.class)
			.map((mode) -> mode == CacheMode.REPLAY)
			.orElse(false);
	}

	private static void addProperties(ConfigurableApplicationContext context, URI url) {
		// Last, so that whatever the user configures wins
		context.getEnvironment()
			.getPropertySources()
			.addLast(new MapPropertySource("stand-in", standInProperties(url)));
	}

	private static Map<String, Object> standInProperties(URI url) {
		Map<String, Object> properties = new LinkedHashMap<>();
		String provider = "llmcache.providers.stand-in.";
		properties.put(provider + "protocol", "openai");
		properties.put(provider + "base-url", url + "/v1");
		properties.put(provider + "models", StandInProvider.MODEL);
		properties.put(provider + "max-concurrency", 16);
		// Its port is another one at each start, its answers are not
		properties.put(provider + "cache-identity", "llmcache-sample-stand-in");
		// Those of gpt-4o-mini, in dollars per million tokens
		String prices = "llmcache.prices.models." + StandInProvider.MODEL + ".";
		properties.put(prices + "input", "0.15");
		properties.put(prices + "cached-input", "0.075");
		properties.put(prices + "output", "0.60");
		return properties;
	}

}
