/**
 * What a location is to the process that opens it: a whole cache in one directory, known again when
 * it comes back, and moved to another directory.
 *
 * <p>Promise: a cache is never begun where one is missing or has moved away; a move that is cut at
 * any point leaves the old or the new place whole, and the next one finishes it.
 *
 * <p>Knows nothing of hubs, HTTP or terminals. Changes files only through {@code Disk}.
 */
@NullMarked
package dev.larder.location;

import org.jspecify.annotations.NullMarked;
