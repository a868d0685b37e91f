package io.github.llmcache.sample;

/**
 * The model that the sample asks unless it is told otherwise.
 *
 * @param model the model's id
 * @param reason why this one, for people
 */
record ModelChoice(String model, String reason) {

}
