package io.github.llmcache.sample;

import java.time.OffsetDateTime;

/**
 * A question that was asked.
 *
 * @param question the question
 * @param model the model that was asked
 * @param cached whether the answer was in the cache
 * @param askedAt when it was asked
 */
record AskedQuestion(String question, String model, boolean cached, OffsetDateTime askedAt) {

}
