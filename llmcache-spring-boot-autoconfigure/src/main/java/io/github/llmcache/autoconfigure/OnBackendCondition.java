package io.github.llmcache.autoconfigure;

import io.github.llmcache.autoconfigure.LlmCacheProperties.Backend;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * The condition of {@link ConditionalOnBackend}.
 */
class OnBackendCondition extends SpringBootCondition {

	private static final String PROPERTY = "llmcache.backend";

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition(ConditionalOnBackend.class);
		Backend wanted = metadata.getAnnotations()
			.get(ConditionalOnBackend.class)
			.getEnum(MergedAnnotation.VALUE, Backend.class);
		try {
			Backend chosen = Binder.get(context.getEnvironment()).bind(PROPERTY, Backend.class).orElse(Backend.SQLITE);
			return new ConditionOutcome(chosen == wanted, message.because(chosen + " is chosen"));
		}
		catch (BindException ex) {
			// Explained when the properties are bound
			return ConditionOutcome.noMatch(message.because("'" + PROPERTY + "' is not a backend"));
		}
	}

}
