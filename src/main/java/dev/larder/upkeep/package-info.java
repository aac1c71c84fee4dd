/**
 * What is here and whether it is sound: listings, verification with repair, statistics.
 *
 * <p>Promise: what is reported was looked up, not guessed; nothing is removed that is in use or
 * somebody else's.
 *
 * <p>Knows nothing of HTTP or terminals. May use: {@code content}.
 */
@NullMarked
package dev.larder.upkeep;

import org.jspecify.annotations.NullMarked;
