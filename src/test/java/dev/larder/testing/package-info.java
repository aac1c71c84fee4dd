/**
 * Parts that misbehave on demand: real sockets and files, scripted.
 *
 * <p>Promise: what a test asks for happens on the wire, byte for byte; nothing is simulated above
 * it.
 */
@NullMarked
package dev.larder.testing;

import org.jspecify.annotations.NullMarked;
