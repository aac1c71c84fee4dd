/**
 * The Hugging Face Hub's paths, headers and error bodies, read side, under {@code /hf}.
 *
 * <p>Promise: every client that speaks to the hub speaks to this; file content is answered
 * directly, never by a redirect.
 *
 * <p>May use: {@code content}, {@code access}, {@code http}, {@code mirror}, {@code store}, {@code
 * transfer}, {@code upstream}, {@code upstream.huggingface}.
 */
@NullMarked
package dev.larder.serve.huggingface;

import org.jspecify.annotations.NullMarked;
