package io.github.llmcache.actuate.endpoint;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.github.llmcache.actuate.endpoint.UiContent.ContentDescriptor;
import io.github.llmcache.cache.CacheEntry;
import io.github.llmcache.cache.CacheStatistics;
import io.github.llmcache.cache.EntryBrowser;
import io.github.llmcache.cache.EntryDetails.Facts;
import io.github.llmcache.cache.EntryFilter;
import io.github.llmcache.cache.EntryOrder;
import io.github.llmcache.cache.EntrySummary;
import io.github.llmcache.cache.FoundEntries;
import io.github.llmcache.cache.RequestRecord;
import io.github.llmcache.cache.StoredRequest;
import io.github.llmcache.cache.UnreadableEntryException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * The entries that the page shows. What they say is shown only if that is allowed.
 * Thread-safe.
 */
public final class UiEntries {

	private static final Pattern KEY = Pattern.compile("[0-9a-fA-F]{64}");

	private static final FoundEntries NOTHING = new FoundEntries(List.of(), 0, 0, 0);

	private final @Nullable EntryBrowser browser;

	private final boolean showContent;

	/**
	 * Create the entries.
	 * @param browser looks into the store, or {@code null} if there is none
	 * @param showContent whether prompts and answers may be shown
	 */
	public UiEntries(@Nullable EntryBrowser browser, boolean showContent) {
		this.browser = browser;
		this.showContent = showContent;
	}

	/**
	 * Find entries.
	 * @param query which
	 * @return those that there are
	 * @throws IllegalArgumentException if it is not clear which
	 * @throws io.github.llmcache.cache.CacheStoreException if the store fails
	 */
	EntriesDescriptor find(UiQuery query) {
		EntryFilter filter = query.filter();
		String prefix = query.keyPrefix();
		EntryOrder order = query.entryOrder();
		int limit = query.entryLimit();
		return EntriesDescriptor.of((this.browser != null) ? this.browser.find(filter, prefix, order, limit) : NOTHING);
	}

	/**
	 * Read an entry.
	 * @param key the key in hexadecimal
	 * @param model the model's id, which makes it faster, or {@code null}
	 * @return the entry, or {@code null} if there is none
	 * @throws UnreadableEntryException if it was written in another format or is damaged
	 * @throws io.github.llmcache.cache.CacheStoreException if the store fails
	 */
	@Nullable ContentfulEntryDescriptor read(String key, @Nullable String model) throws UnreadableEntryException {
		if (this.browser == null || !KEY.matcher(key).matches()) {
			return null;
		}
		EntryFilter filter = new EntryFilter(model, null, null, null, null, key);
		for (EntrySummary summary : this.browser.find(filter, EntryOrder.NEWEST, 1).entries()) {
			CacheEntry entry = this.browser.read(summary.key());
			if (entry != null) {
				return describe(summary, entry);
			}
		}
		return null;
	}

	private ContentfulEntryDescriptor describe(EntrySummary summary, CacheEntry entry) throws UnreadableEntryException {
		RequestRecord record = entry.request();
		StoredRequest request = (record != null) ? StoredRequest.parse(record.json()) : null;
		return new ContentfulEntryDescriptor(EntryDescriptor.of(summary),
				(request != null) ? UiText.wellFormed(request.endpoint()) : null,
				(request != null) ? UiText.wellFormed(request.operation()) : null,
				this.showContent ? UiContent.of(entry) : null);
	}

	/**
	 * Description of the entries that were found.
	 *
	 * @param matching how many there are
	 * @param bytes about the space that all of them take, in bytes
	 * @param cost what all of them had cost in US dollars, as far as it is known
	 * @param entries the first of them
	 */
	public record EntriesDescriptor(long matching, long bytes, BigDecimal cost,
			List<EntryDescriptor> entries) implements OperationResponseBody {

		static EntriesDescriptor of(FoundEntries found) {
			return new EntriesDescriptor(found.matching(), found.bytes(), CacheStatistics.dollars(found.costNanos()),
					found.entries().stream().map(EntryDescriptor::of).toList());
		}

	}

	/**
	 * Description of an entry. If it cannot be read, only its key, model, space and last
	 * use are known, and all else is {@code null}.
	 *
	 * @param key the key in hexadecimal
	 * @param model the model's id
	 * @param namespace the namespace
	 * @param createdAt when the oldest response was made
	 * @param expiresAt when it expires, or {@code null} for never
	 * @param lastUsed when it was last used, as far as that was recorded
	 * @param samples how many samples there are
	 * @param bytes about the space that it takes, in bytes
	 * @param cost what the responses had cost in US dollars, or {@code null} if unknown
	 * @param finishReason the name of the first sample's finish reason
	 * @param readable whether it can be read
	 */
	@JsonInclude(JsonInclude.Include.ALWAYS)
	public record EntryDescriptor(String key, String model, @Nullable String namespace, @Nullable Instant createdAt,
			@Nullable Instant expiresAt, Instant lastUsed, @Nullable Integer samples, long bytes,
			@Nullable BigDecimal cost, @Nullable String finishReason, boolean readable) {

		static EntryDescriptor of(EntrySummary summary) {
			String key = summary.key().hex();
			String model = UiText.wellFormed(summary.key().model());
			Facts facts = summary.facts();
			if (facts == null) {
				return new EntryDescriptor(key, model, null, null, null, summary.lastUsed(), null, summary.bytes(),
						null, null, false);
			}
			Long nanos = facts.costNanos();
			return new EntryDescriptor(key, model, UiText.wellFormed(facts.namespace()), facts.createdAt(),
					facts.expiresAt(), summary.lastUsed(), facts.samples(), summary.bytes(),
					(nanos != null) ? CacheStatistics.dollars(nanos) : null, facts.finishReason(), true);
		}

	}

	/**
	 * Description of an entry with what was asked and answered.
	 *
	 * @param entry the entry
	 * @param endpoint the identity of the provider's endpoint, or {@code null} if the
	 * request is not stored
	 * @param operation the operation at the endpoint, or {@code null} if the request is
	 * not stored
	 * @param content what was asked and answered, or {@code null} if that is not shown
	 */
	@JsonInclude(JsonInclude.Include.ALWAYS)
	public record ContentfulEntryDescriptor(@JsonUnwrapped EntryDescriptor entry, @Nullable String endpoint,
			@Nullable String operation, @Nullable ContentDescriptor content) implements OperationResponseBody {
	}

}
