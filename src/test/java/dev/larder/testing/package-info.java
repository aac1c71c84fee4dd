/**
 * Fakes that fail on demand and parts that every test needs.
 *
 * <p>Promise: real files and real sockets behave here as they do in the product, until a test asks
 * for a failure.
 */
@NullMarked
package dev.larder.testing;

import org.jspecify.annotations.NullMarked;
