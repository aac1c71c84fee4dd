/**
 * Who asks, and what they may read: callers, tokens of this Larder, grants, and the hub's decisions
 * with their age.
 *
 * <p>Promise: a token is kept by nobody, only its hash under a key of this installation; a decision
 * holds for one caller and one repo, and only as long as it was said to; a change of accounts or
 * grants holds for the next question; in doubt the answer is no.
 *
 * <p>It decides and asks nobody: what the hub says is told to it. Knows nothing of HTTP, files or
 * blobs. May use: {@code content}, {@code catalog}.
 */
@NullMarked
package dev.larder.access;

import org.jspecify.annotations.NullMarked;
