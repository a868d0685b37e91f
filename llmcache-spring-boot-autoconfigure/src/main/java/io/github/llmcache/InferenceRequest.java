package io.github.llmcache;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

import io.github.llmcache.Validity.WhenTooFew;
import org.jspecify.annotations.Nullable;

/**
 * A request to a model. Immutable; nothing that was given to the builder can change it.
 *
 * @param model the model's id as its provider calls it
 * @param provider the configured name of the provider to ask, or {@code null} to find it
 * by the model's id
 * @param prompt the messages
 * @param parameters the parameters
 * @param cacheControl what the request asks of the cache
 * @param samples which answers are wanted
 * @param validity which answers are accepted, or {@code null} for all
 * @param toolUse the tools that are run when the model calls them, or {@code null} if
 * calls of tools are left to the caller
 */
public record InferenceRequest(String model, @Nullable String provider, Prompt prompt, InferenceParameters parameters,
		CacheControl cacheControl, SampleRange samples, @Nullable Validity validity, @Nullable ToolUse toolUse) {

	public InferenceRequest {
		Objects.requireNonNull(prompt, "'prompt' must not be null");
		Objects.requireNonNull(parameters, "'parameters' must not be null");
		Objects.requireNonNull(cacheControl, "'cacheControl' must not be null");
		Objects.requireNonNull(samples, "'samples' must not be null");
		if (toolUse != null && (samples.count() > 1 || validity != null)) {
			throw new IllegalArgumentException("Tools that are run go with one sample, of whatever validity");
		}
		if (toolUse != null && parameters.tools() != null && parameters.tools().stream().anyMatch(toolUse::runs)) {
			throw new IllegalArgumentException("A tool is either run or left to the caller, not both");
		}
		if (validity != null && (long) samples.end() * validity.candidatesPerSample() > SampleRange.MAX_SAMPLES) {
			throw new IllegalArgumentException(
					"No more than " + SampleRange.MAX_SAMPLES + " candidates can be made for a request");
		}
		if (model.isBlank()) {
			throw new IllegalArgumentException("'model' must not be blank");
		}
		if (prompt.messages().isEmpty()) {
			throw new IllegalArgumentException("A request needs at least one message");
		}
	}

	/**
	 * Start a request.
	 * @param model the model's id as its provider calls it
	 * @return a builder
	 */
	public static Builder builder(String model) {
		return new Builder(model);
	}

	/**
	 * Start a request from this one.
	 * @return a builder with everything that this request has
	 */
	public Builder toBuilder() {
		return new Builder(this);
	}

	/**
	 * Describe the request without what it says.
	 */
	@Override
	public String toString() {
		return "InferenceRequest[model=" + this.model + ", provider=" + this.provider + ", messages="
				+ this.prompt.messages().size() + "]";
	}

	/**
	 * Builder of an {@link InferenceRequest}. Not thread-safe.
	 */
	public static final class Builder {

		private final String model;

		private @Nullable String provider;

		private final List<ChatMessage> messages = new ArrayList<>();

		private @Nullable Double temperature;

		private @Nullable Double topP;

		private @Nullable Integer maxTokens;

		private @Nullable List<String> stop;

		private @Nullable Long seed;

		private @Nullable Integer topLogprobs;

		private @Nullable Map<String, Double> logitBias;

		private @Nullable List<Tool> tools;

		private @Nullable ToolChoice toolChoice;

		private @Nullable ResponseFormat responseFormat;

		private @Nullable ReasoningOptions reasoning;

		private final Map<String, @Nullable Object> additional = new LinkedHashMap<>();

		private CacheControl cacheControl = CacheControl.DEFAULT;

		private SampleRange samples = SampleRange.FIRST;

		private @Nullable Validity validity;

		private @Nullable ToolUse toolUse;

		private Builder(String model) {
			this.model = Objects.requireNonNull(model, "'model' must not be null");
		}

		private Builder(InferenceRequest request) {
			this.model = request.model();
			this.provider = request.provider();
			this.messages.addAll(request.prompt().messages());
			InferenceParameters parameters = request.parameters();
			this.temperature = parameters.temperature();
			this.topP = parameters.topP();
			this.maxTokens = parameters.maxTokens();
			this.stop = parameters.stop();
			this.seed = parameters.seed();
			this.topLogprobs = parameters.topLogprobs();
			this.logitBias = parameters.logitBias();
			this.tools = parameters.tools();
			this.toolChoice = parameters.toolChoice();
			this.responseFormat = parameters.responseFormat();
			this.reasoning = parameters.reasoning();
			this.additional.putAll(parameters.additional());
			this.cacheControl = request.cacheControl();
			this.samples = request.samples();
			this.validity = request.validity();
			this.toolUse = request.toolUse();
		}

		/**
		 * Ask this provider instead of the one found by the model's id.
		 * @param provider the configured name of the provider
		 * @return this builder
		 */
		public Builder provider(String provider) {
			this.provider = provider;
			return this;
		}

		/**
		 * Add instructions of the application.
		 * @param text the instructions
		 * @return this builder
		 */
		public Builder system(String text) {
			return message(ChatMessage.system(text));
		}

		/**
		 * Add instructions of the application to a reasoning model.
		 * @param text the instructions
		 * @return this builder
		 */
		public Builder developer(String text) {
			return message(ChatMessage.developer(text));
		}

		/**
		 * Add a message of the user.
		 * @param text the text
		 * @return this builder
		 */
		public Builder user(String text) {
			return message(ChatMessage.user(text));
		}

		/**
		 * Add a message of the user with several parts, such as a question and an image.
		 * @param parts the parts in order
		 * @return this builder
		 */
		public Builder user(ContentPart... parts) {
			return message(ChatMessage.user(parts));
		}

		/**
		 * Add a message of the model; as the last message it is a prefill, which the
		 * model continues.
		 * @param text the text
		 * @return this builder
		 */
		public Builder assistant(String text) {
			return message(ChatMessage.assistant(text));
		}

		/**
		 * Add plain text that a base model continues. Several such texts are joined as
		 * they are.
		 * @param text the text
		 * @return this builder
		 */
		public Builder none(String text) {
			return message(ChatMessage.none(text));
		}

		/**
		 * Add a message.
		 * @param message the message
		 * @return this builder
		 */
		public Builder message(ChatMessage message) {
			this.messages.add(Objects.requireNonNull(message, "'message' must not be null"));
			return this;
		}

		/**
		 * Add all messages of a prompt.
		 * @param prompt the prompt
		 * @return this builder
		 */
		public Builder prompt(Prompt prompt) {
			this.messages.addAll(prompt.messages());
			return this;
		}

		/**
		 * Set the sampling temperature. 0 is not the same as leaving it out.
		 * @param temperature the temperature
		 * @return this builder
		 */
		public Builder temperature(double temperature) {
			this.temperature = finite("temperature", temperature);
			return this;
		}

		/**
		 * Set the nucleus sampling probability.
		 * @param topP the probability
		 * @return this builder
		 */
		public Builder topP(double topP) {
			this.topP = finite("topP", topP);
			return this;
		}

		/**
		 * Set the most tokens to answer. It is sent under the name that the endpoint
		 * wants.
		 * @param maxTokens the number of tokens
		 * @return this builder
		 */
		public Builder maxTokens(int maxTokens) {
			this.maxTokens = maxTokens;
			return this;
		}

		/**
		 * Set the stop sequences.
		 * @param stop the sequences
		 * @return this builder
		 */
		public Builder stop(String... stop) {
			this.stop = List.of(stop);
			return this;
		}

		/**
		 * Set the seed for repeatable sampling.
		 * @param seed the seed
		 * @return this builder
		 */
		public Builder seed(long seed) {
			this.seed = seed;
			return this;
		}

		/**
		 * Ask for the log probabilities of the tokens.
		 * @param topLogprobs how many alternatives to return for each token; 0 for the
		 * chosen token only
		 * @return this builder
		 */
		public Builder topLogprobs(int topLogprobs) {
			this.topLogprobs = topLogprobs;
			return this;
		}

		/**
		 * Set the bias of tokens.
		 * @param logitBias the bias by the id of the token
		 * @return this builder
		 */
		public Builder logitBias(Map<String, Double> logitBias) {
			this.logitBias = Map.copyOf(logitBias);
			return this;
		}

		/**
		 * Set the tools that the model may call.
		 * @param tools the tools in order
		 * @return this builder
		 */
		public Builder tools(Tool... tools) {
			this.tools = List.of(tools);
			return this;
		}

		/**
		 * Set whether the model may, must or must not call tools.
		 * @param toolChoice the choice
		 * @return this builder
		 */
		public Builder toolChoice(ToolChoice toolChoice) {
			this.toolChoice = toolChoice;
			return this;
		}

		/**
		 * Set the form of the answer.
		 * @param responseFormat the format
		 * @return this builder
		 */
		public Builder responseFormat(ResponseFormat responseFormat) {
			this.responseFormat = responseFormat;
			return this;
		}

		/**
		 * Set how much the model reasons.
		 * @param reasoning the options
		 * @return this builder
		 */
		public Builder reasoning(ReasoningOptions reasoning) {
			this.reasoning = reasoning;
			return this;
		}

		/**
		 * Set any other parameter. It is passed through as it is, into the request's body
		 * and so into its key.
		 * @param name the name that the parameter has in the provider's request body
		 * @param value {@code null}, a {@link Boolean}, {@link Number}, {@link String},
		 * {@link List}, {@link Map} or {@link RawJson}; copied, deeply
		 * @return this builder
		 */
		public Builder parameter(String name, @Nullable Object value) {
			this.additional.put(name, JsonValues.copy(value));
			return this;
		}

		/**
		 * Set what the request asks of the cache.
		 * @param cacheControl the cache control
		 * @return this builder
		 */
		public Builder cacheControl(CacheControl cacheControl) {
			this.cacheControl = Objects.requireNonNull(cacheControl, "'cacheControl' must not be null");
			return this;
		}

		/**
		 * Ask for several answers. Those that are stored are taken first; only what is
		 * missing is asked for.
		 * @param count the number of answers
		 * @return this builder
		 * @throws IllegalArgumentException if it is less than 1 or more than
		 * {@link SampleRange#MAX_SAMPLES}
		 */
		public Builder n(int count) {
			this.samples = new SampleRange(0, count);
			return this;
		}

		/**
		 * Ask for one particular answer of those that the model gives to the same
		 * request, so that repeated draws differ and can be repeated all the same. If
		 * there are not so many yet, those before it are made as well; many requests for
		 * different answers that are made together make each of them once.
		 * @param index the index of the answer, from 0; among the {@linkplain #isValid
		 * valid} ones, if only those are accepted
		 * @return this builder
		 */
		public Builder sample(int index) {
			this.samples = new SampleRange(index, 1);
			return this;
		}

		/**
		 * Set which answers are accepted, and all that belongs to it.
		 * @param validity the validity, or {@code null} to accept all
		 * @return this builder
		 */
		public Builder validity(@Nullable Validity validity) {
			this.validity = validity;
			return this;
		}

		/**
		 * Accept only some answers, cached ones too. Unless {@link #validity} says
		 * otherwise, one candidate is made for each answer that is wanted, and further
		 * ones until there are enough, with a bound.
		 * @param predicate accepts or rejects an answer. It must say the same whenever it
		 * is asked; what it throws is thrown by the request, and loses no answer
		 * @return this builder
		 */
		public Builder isValid(Predicate<? super Sample> predicate) {
			Validity validity = this.validity;
			this.validity = (validity != null) ? new Validity(predicate, validity.candidatesPerSample(),
					validity.whenTooFew(), validity.maxAttempts()) : Validity.of(predicate);
			return this;
		}

		/**
		 * Set how many answers are made at first for each that is wanted, to choose the
		 * {@linkplain #isValid valid} ones.
		 * @param candidates the number of answers, at least 1
		 * @return this builder
		 */
		public Builder numCandidatesPerCompletion(int candidates) {
			Validity validity = (this.validity != null) ? this.validity : Validity.ALL;
			this.validity = new Validity(validity.predicate(), candidates, validity.whenTooFew(),
					validity.maxAttempts());
			return this;
		}

		/**
		 * Set what happens if too few answers are {@linkplain #isValid valid}.
		 * @param whenTooFew what happens
		 * @return this builder
		 */
		public Builder whenTooFew(WhenTooFew whenTooFew) {
			Validity validity = (this.validity != null) ? this.validity : Validity.ALL;
			this.validity = new Validity(validity.predicate(), validity.candidatesPerSample(), whenTooFew,
					validity.maxAttempts());
			return this;
		}

		/**
		 * Set the tools that are run when the model calls them, until it answers. Calls
		 * of other {@link #tools(Tool...) tools} are left to the caller.
		 * @param first the first tool with its function
		 * @param more further tools in order
		 * @return this builder
		 */
		public Builder tools(ToolCallback first, ToolCallback... more) {
			List<ToolCallback> callbacks = new ArrayList<>(List.of(first));
			callbacks.addAll(List.of(more));
			return toolUse(new ToolUse(callbacks, ToolUse.DEFAULT_MAX_TURNS));
		}

		/**
		 * Set the tools that are run when the model calls them, and how often it may.
		 * @param toolUse the tools and the bound, or {@code null} to run none
		 * @return this builder
		 */
		public Builder toolUse(@Nullable ToolUse toolUse) {
			this.toolUse = toolUse;
			return this;
		}

		/**
		 * Build the request.
		 * @return the request
		 * @throws IllegalArgumentException if there is no message
		 */
		public InferenceRequest build() {
			return new InferenceRequest(this.model, this.provider, new Prompt(this.messages),
					new InferenceParameters(this.temperature, this.topP, this.maxTokens, this.stop, this.seed,
							this.topLogprobs, this.logitBias, this.tools, this.toolChoice, this.responseFormat,
							this.reasoning, this.additional),
					this.cacheControl, this.samples, this.validity, this.toolUse);
		}

		private static double finite(String name, double value) {
			if (!Double.isFinite(value)) {
				throw new IllegalArgumentException("'" + name + "' must be a finite number");
			}
			return value;
		}

	}

}
