/**
 * Carries repos from one place to another: archives of a cache and what comes out of them, caches
 * and folders of somebody else's taken in, files written out.
 *
 * <p>Promise: an archive that is not whole never looks whole; nothing of an archive is published
 * before all of it was read and every hash compared; what is refused leaves nothing behind; a
 * directory that is imported is only read.
 *
 * <p>Knows nothing of HTTP or terminals. Follows the order law when it publishes: blobs, rows, hub
 * tree, refs.
 */
@NullMarked
package dev.larder.provision;

import org.jspecify.annotations.NullMarked;
