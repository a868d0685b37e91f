package io.github.llmcache.autoconfigure;

import java.util.List;
import java.util.Locale;

import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Keeps what can hold a key out of /actuator/configprops and /actuator/env, also where an
 * application shows values.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(SanitizingFunction.class)
class SanitizingConfiguration {

	private static final List<String> SECRET = List.of("apikey", "headers", "encryption", "baseurl");

	@Bean
	SanitizingFunction llmCacheSanitizingFunction() {
		return SanitizingFunction.sanitizeValue().ifKeyMatches(SanitizingConfiguration::isSecret);
	}

	/**
	 * Return whether a property of ours can hold a key, however it is spelled.
	 */
	private static boolean isSecret(String property) {
		String name = property.toLowerCase(Locale.ROOT).replaceAll("[-_.]", "");
		return name.startsWith("llmcache") && SECRET.stream().anyMatch(name::contains);
	}

}
