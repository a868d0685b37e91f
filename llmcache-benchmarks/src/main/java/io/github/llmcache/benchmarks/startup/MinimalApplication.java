package io.github.llmcache.benchmarks.startup;

import java.lang.management.ManagementFactory;

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

	/** What the line with the milliseconds of CPU time until then begins with. */
	public static final String CPU_TIME = "cpu time: ";

	/** What the line with the number of classes loaded until then begins with. */
	public static final String CLASSES = "classes: ";

	/** The argument that asks for a lookup once it is. */
	public static final String LOOK_UP = "look-up";

	public static void main(String[] args) {
		try (ConfigurableApplicationContext context = SpringApplication.run(MinimalApplication.class, args)) {
			System.out.println(READY);
			System.out.println(CPU_TIME + ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis());
			System.out.println(CLASSES + ManagementFactory.getClassLoadingMXBean().getTotalLoadedClassCount());
			if (args[0].equals(LOOK_UP)) {
				FirstLookup.run(context);
			}
		}
	}

}
