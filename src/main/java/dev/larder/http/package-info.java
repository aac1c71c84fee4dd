/**
 * The door: where connections end and requests become values.
 *
 * <p>Promise: what can be answered from memory is answered on the event loop with {@code sendfile};
 * everything else is handed over once to a virtual thread; nothing that blocks runs on an event
 * loop; a client that is too slow, too large or malformed is told so and let go; what requests hold
 * whole in memory has one bound, and no address has all of it.
 *
 * <p>Knows nothing of repos, stores or hubs. May use: {@code content}.
 */
@NullMarked
package dev.larder.http;

import org.jspecify.annotations.NullMarked;
