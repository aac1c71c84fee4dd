/**
 * The entry and the wiring of all rooms, by hand.
 *
 * <p>Promise: rooms are opened in one order and closed in the reverse one.
 *
 * <p>Nobody uses this room. May use: all.
 */
@NullMarked
package dev.larder.app;

import org.jspecify.annotations.NullMarked;
