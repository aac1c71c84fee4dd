/**
 * The client of a Hugging Face hub: what it answers to questions about repos, revisions and files.
 *
 * <p>Promise: answers are values with the hub's own reason; Xet fields never leave this room;
 * redirects never carry a token to another origin.
 *
 * <p>Knows nothing of caches. May use: {@code content}, {@code upstream}.
 */
@NullMarked
package dev.larder.upstream.huggingface;

import org.jspecify.annotations.NullMarked;
