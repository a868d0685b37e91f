package io.github.llmcache.cli.safetytooling;

import java.io.IOException;

import io.github.llmcache.InvalidRequestException;
import io.github.llmcache.ProviderException;
import io.github.llmcache.cache.CacheKeyHasher;
import io.github.llmcache.cli.transfer.EntrySink;
import io.github.llmcache.inference.ReceivedAnswers;
import io.github.llmcache.pricing.PriceTable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes entries of values, whichever of the library's three kinds they are. What cannot
 * be mapped is skipped with the reason.
 */
final class ValueMapper {

	private final LlmEntryMapper llm;

	private final ModerationMapper moderations;

	private final EmbeddingMapper embeddings;

	private ValueMapper(LlmEntryMapper llm, ModerationMapper moderations, EmbeddingMapper embeddings) {
		this.llm = llm;
		this.moderations = moderations;
		this.embeddings = embeddings;
	}

	static ValueMapper create(SafetyToolingOptions options) throws IOException {
		Providers providers = Providers.create(options.provider());
		ReceivedAnswers answers = new ReceivedAnswers(PriceTable.bundled(), options.storeRefusals());
		Entries entries = new Entries(options.namespace(), new CacheKeyHasher());
		EmbeddingTexts texts = (options.embeddingTexts() != null) ? EmbeddingTexts.read(options.embeddingTexts())
				: EmbeddingTexts.NONE;
		return new ValueMapper(new LlmEntryMapper(providers, answers, entries),
				new ModerationMapper(providers, answers, entries),
				new EmbeddingMapper(providers, answers, entries, texts));
	}

	void map(Home.Value value, EntrySink sink) {
		try {
			ObjectNode json = SourceJson.readObject(value.json());
			if (json.has("params") && json.has("prompt")) {
				this.llm.map(value, json, sink);
			}
			else if (json.has("texts") && json.has("moderation")) {
				this.moderations.map(value, json, sink);
			}
			else if (json.has("embeddings")) {
				this.embeddings.map(value, json, sink);
			}
			else {
				throw new UnmappableException("it is no answer, moderation or embeddings of safety-tooling");
			}
		}
		catch (UnmappableException ex) {
			sink.skipped(value.where(), ex.reason());
		}
		catch (InvalidRequestException ex) {
			// What it says never quotes the request
			sink.skipped(value.where(), "it cannot be asked here: " + ex.getError().summary());
		}
		catch (ProviderException ex) {
			sink.skipped(value.where(), "its answer is none that the provider's protocol knows");
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			sink.skipped(value.where(), "it is not what safety-tooling writes");
		}
	}

}
