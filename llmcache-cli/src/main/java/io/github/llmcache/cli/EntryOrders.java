package io.github.llmcache.cli;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;

import io.github.llmcache.cache.EntryOrder;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The names of {@link EntryOrder} as they are typed.
 */
final class EntryOrders implements Iterable<String>, ITypeConverter<EntryOrder> {

	@Override
	public Iterator<String> iterator() {
		return Arrays.stream(EntryOrder.values()).map(EntryOrders::name).iterator();
	}

	private static String name(EntryOrder order) {
		return order.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	@Override
	public EntryOrder convert(String value) {
		return Arrays.stream(EntryOrder.values())
			.filter((order) -> name(order).equalsIgnoreCase(value))
			.findFirst()
			.orElseThrow(() -> new TypeConversionException(
					"expected one of " + String.join(", ", this) + " but was '" + value + "'"));
	}

}
