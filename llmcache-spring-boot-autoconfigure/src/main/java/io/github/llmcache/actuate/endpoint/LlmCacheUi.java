package io.github.llmcache.actuate.endpoint;

import java.util.List;

import io.github.llmcache.actuate.endpoint.UiAssets.Asset;
import io.github.llmcache.cache.CacheStoreException;
import io.github.llmcache.cache.UnreadableEntryException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * The web page: its files, and what it shows. All of it is read-only; the page deletes
 * and explains by the operations that everybody has. Thread-safe.
 */
public final class LlmCacheUi {

	private static final int UNPROCESSABLE = 422;

	private static final String DATA = "data";

	private static final String FILES = "ui";

	private final UiAssets assets = new UiAssets();

	private final UiOverview overview;

	private final UiEntries entries;

	/**
	 * Create the page.
	 * @param overview what is counted and stored
	 * @param entries the entries
	 */
	public LlmCacheUi(UiOverview overview, UiEntries entries) {
		this.overview = overview;
		this.entries = entries;
	}

	/**
	 * Answer the page.
	 * @param path the segments of the path after {@code ui}
	 * @param query what else was said
	 * @return the answer; 404 if the path is none of the page's
	 */
	WebEndpointResponse<Object> answer(List<String> path, UiQuery query) {
		if (path.isEmpty()) {
			return asset(this.assets.page());
		}
		if (path.get(0).equals(DATA)) {
			return data(path.subList(1, path.size()), query);
		}
		// A page whose address ends with a slash has its files one level further down
		List<String> file = path.get(0).equals(FILES) ? path.subList(1, path.size()) : path;
		return (file.size() == 1) ? asset(this.assets.find(file.get(0))) : notFound();
	}

	private WebEndpointResponse<Object> data(List<String> path, UiQuery query) {
		try {
			return found(find(path, query));
		}
		catch (IllegalArgumentException ex) {
			return error(ex, WebEndpointResponse.STATUS_BAD_REQUEST);
		}
		catch (UnreadableEntryException ex) {
			return error(ex, UNPROCESSABLE);
		}
		catch (CacheStoreException ex) {
			return error(ex, WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE);
		}
	}

	private @Nullable Object find(List<String> path, UiQuery query) throws UnreadableEntryException {
		return switch (String.join("/", path)) {
			case "overview" -> this.overview.describe();
			case "entries" -> this.entries.find(query);
			default -> (path.size() == 2 && path.get(0).equals("entries"))
					? this.entries.read(path.get(1), query.model()) : null;
		};
	}

	private static WebEndpointResponse<Object> asset(@Nullable Asset asset) {
		return (asset != null) ? new WebEndpointResponse<>(asset.bytes(), asset.type()) : notFound();
	}

	private static WebEndpointResponse<Object> found(@Nullable Object body) {
		return (body != null) ? new WebEndpointResponse<>(body) : notFound();
	}

	private static WebEndpointResponse<Object> notFound() {
		return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
	}

	private static WebEndpointResponse<Object> error(Exception ex, int status) {
		return new WebEndpointResponse<>(new ErrorDescriptor(ex.getMessage()), status);
	}

	/**
	 * Description of why there is no answer.
	 *
	 * @param error the reason, without anything that entries say
	 */
	public record ErrorDescriptor(@Nullable String error) implements OperationResponseBody {
	}

}
