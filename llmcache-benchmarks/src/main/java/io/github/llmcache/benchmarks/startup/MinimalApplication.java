package io.github.llmcache.benchmarks.startup;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A web application that does nothing. Knows nothing of llmcache, which may not be there.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class MinimalApplication {

	/** Printed when the application is ready. */
	public static final String READY = "@ready";

	/** The argument that asks for a lookup once it is. */
	public static final String LOOK_UP = "look-up";

	public static void main(String[] args) {
		try (ConfigurableApplicationContext context = SpringApplication.run(MinimalApplication.class, args)) {
			System.out.println(READY);
			if (args[0].equals(LOOK_UP)) {
				FirstLookup.run(context);
			}
		}
	}

}
