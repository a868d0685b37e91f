package io.github.llmcache.inference;

import java.util.List;
import java.util.Map;

import io.github.llmcache.InferenceRequest;
import io.github.llmcache.provider.BatchClient;
import io.github.llmcache.provider.BatchFormat;
import io.github.llmcache.provider.BatchProtocol;
import io.github.llmcache.provider.BatchResult;
import io.github.llmcache.provider.BatchStatus;
import io.github.llmcache.provider.BatchUpload;
import io.github.llmcache.provider.ProviderAnswer;
import io.github.llmcache.provider.ProviderDefinition;
import io.github.llmcache.provider.ProviderProtocol;
import io.github.llmcache.provider.SoughtBatch;
import io.github.llmcache.provider.WireRequest;
import io.github.llmcache.provider.openai.OpenAiBatchProtocol;
import io.github.llmcache.provider.openai.OpenAiChatProtocol;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * OpenAI's protocol with batches of another size.
 *
 * @param format what a batch may hold
 */
record FormattedBatches(BatchFormat format) implements ProviderProtocol, BatchProtocol {

	private static final ProviderProtocol CHAT = new OpenAiChatProtocol();

	private static final BatchProtocol BATCHES = new OpenAiBatchProtocol();

	@Override
	public String name() {
		return CHAT.name();
	}

	@Override
	public WireRequest write(InferenceRequest request, ProviderDefinition provider) {
		return CHAT.write(request, provider);
	}

	@Override
	public ProviderAnswer read(byte[] body, ProviderDefinition provider) {
		return CHAT.read(body, provider);
	}

	@Override
	public Map<String, String> headers(ProviderDefinition provider) {
		return CHAT.headers(provider);
	}

	@Override
	public ErrorBody readError(JsonNode body) {
		return CHAT.readError(body);
	}

	@Override
	public BatchProtocol batches() {
		return this;
	}

	@Override
	public ObjectNode item(String customId, WireRequest request) {
		return BATCHES.item(customId, request);
	}

	@Override
	public String stage(BatchClient client, ProviderDefinition provider, BatchUpload batch) {
		return BATCHES.stage(client, provider, batch);
	}

	@Override
	public String create(BatchClient client, ProviderDefinition provider, BatchUpload batch, String staged) {
		return BATCHES.create(client, provider, batch, staged);
	}

	@Override
	public List<String> find(BatchClient client, ProviderDefinition provider, SoughtBatch sought) {
		return BATCHES.find(client, provider, sought);
	}

	@Override
	public BatchStatus status(BatchClient client, ProviderDefinition provider, String batchId) {
		return BATCHES.status(client, provider, batchId);
	}

	@Override
	public void cancel(BatchClient client, ProviderDefinition provider, String batchId) {
		BATCHES.cancel(client, provider, batchId);
	}

	@Override
	public BatchResult readResult(byte[] line, ProviderDefinition provider) {
		return BATCHES.readResult(line, provider);
	}

}
