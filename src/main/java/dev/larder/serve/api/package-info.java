/**
 * The management API and the probes.
 *
 * <p>Promise: a probe answers from memory, at once, and says nothing that needs protection.
 *
 * <p>May use: {@code content}, {@code http}.
 */
@NullMarked
package dev.larder.serve.api;

import org.jspecify.annotations.NullMarked;
