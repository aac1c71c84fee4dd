/**
 * The management API, with the registry of models, and the probes.
 *
 * <p>Promise: a probe answers from memory, at once, and says nothing that needs protection.
 *
 * <p>May use: {@code content}, {@code access}, {@code http}, {@code mirror}, {@code upkeep}, {@code
 * provision}, {@code models}, {@code resident}.
 */
@NullMarked
package dev.larder.serve.api;

import org.jspecify.annotations.NullMarked;
