/**
 * The part of OpenAI's API that embeds: {@code /v1/embeddings} and {@code /v1/models}.
 *
 * <p>Promise: clients of OpenAI work as they are, on the models of this machine. What a request may
 * hold in memory is taken before it is filled. Credentials that such clients send are not looked
 * at.
 */
@NullMarked
package dev.larder.serve.openai;

import org.jspecify.annotations.NullMarked;
