/**
 * What an upstream is and what it answers: guarded connections, redirects followed by hand,
 * credentials that never leave their origin, bodies read as they come.
 *
 * <p>Promise: nothing is sent to an address that is not allowed; a credential goes to the origin it
 * was given for and nowhere else; every wait has an end.
 *
 * <p>Knows nothing of disks, caches or our own clients. May use: {@code content}.
 */
@NullMarked
package dev.larder.upstream;

import org.jspecify.annotations.NullMarked;
