package io.github.llmcache.provider;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The members of a JSON object in their order. Nearly all objects of requests and
 * responses have so few that hash tables would be most of the memory that a body takes,
 * and find nothing faster.
 */
final class ObjectMembers extends AbstractMap<String, JsonNode> {

	/** More than these are in a hash table after all: a body may have any number. */
	static final int FEW = 16;

	private static final int INITIAL_CAPACITY = 4;

	/** Names and values in turn, for one array is smaller than two. */
	private Object[] few = new Object[2 * INITIAL_CAPACITY];

	private int size;

	private @Nullable Map<String, JsonNode> many;

	@Override
	public int size() {
		return (this.many != null) ? this.many.size() : this.size;
	}

	@Override
	public boolean containsKey(@Nullable Object name) {
		return get(name) != null;
	}

	@Override
	public @Nullable JsonNode get(@Nullable Object name) {
		if (this.many != null) {
			return this.many.get(name);
		}
		int index = indexOf(name);
		return (index >= 0) ? value(index) : null;
	}

	@Override
	public @Nullable JsonNode put(String name, JsonNode value) {
		if (this.many != null) {
			return this.many.put(name, value);
		}
		int index = indexOf(name);
		if (index >= 0) {
			JsonNode replaced = value(index);
			this.few[2 * index + 1] = value;
			return replaced;
		}
		if (this.size == FEW) {
			this.many = new LinkedHashMap<>(this);
			return this.many.put(name, value);
		}
		if (2 * this.size == this.few.length) {
			this.few = Arrays.copyOf(this.few, 2 * this.few.length);
		}
		this.few[2 * this.size] = name;
		this.few[2 * this.size + 1] = value;
		this.size++;
		return null;
	}

	private int indexOf(@Nullable Object name) {
		for (int i = 0; i < this.size; i++) {
			if (name(i).equals(name)) {
				return i;
			}
		}
		return -1;
	}

	private String name(int index) {
		return (String) this.few[2 * index];
	}

	private JsonNode value(int index) {
		return (JsonNode) this.few[2 * index + 1];
	}

	private void remove(int index) {
		this.size--;
		System.arraycopy(this.few, 2 * index + 2, this.few, 2 * index, 2 * (this.size - index));
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other == this || other instanceof ObjectMembers members && isSameInOrder(members) || super.equals(other);
	}

	/**
	 * Return whether both are few, equal and in the same order, as those of requests that
	 * were made in the same way.
	 */
	private boolean isSameInOrder(ObjectMembers other) {
		if (this.many != null || other.many != null || this.size != other.size) {
			return false;
		}
		for (int i = 0; i < this.size; i++) {
			if (!name(i).equals(other.name(i)) || !value(i).equals(other.value(i))) {
				return false;
			}
		}
		return true;
	}

	@Override
	public int hashCode() {
		return super.hashCode();
	}

	@Override
	public void forEach(BiConsumer<? super String, ? super JsonNode> action) {
		if (this.many != null) {
			this.many.forEach(action);
			return;
		}
		for (int i = 0; i < this.size; i++) {
			action.accept(name(i), value(i));
		}
	}

	@Override
	public Set<Entry<String, JsonNode>> entrySet() {
		return (this.many != null) ? this.many.entrySet() : new FewEntries();
	}

	private final class FewEntries extends AbstractSet<Entry<String, JsonNode>> {

		@Override
		public int size() {
			return ObjectMembers.this.size;
		}

		@Override
		public Iterator<Entry<String, JsonNode>> iterator() {
			return new FewIterator();
		}

	}

	private final class FewIterator implements Iterator<Entry<String, JsonNode>> {

		private int next;

		@Override
		public boolean hasNext() {
			return this.next < ObjectMembers.this.size;
		}

		@Override
		public Entry<String, JsonNode> next() {
			if (!hasNext()) {
				throw new NoSuchElementException();
			}
			int index = this.next++;
			return Map.entry(name(index), value(index));
		}

		@Override
		public void remove() {
			ObjectMembers.this.remove(--this.next);
		}

	}

}
