/**
 * The words every other room speaks: digests, ranges, names, sizes, the {@link
 * dev.larder.content.Disk} port, and the root of all errors.
 *
 * <p>Promise: a value of a type of this room is valid. A {@code Digest} is a digest, a {@code
 * RepoId} can never leave a directory, a {@code ByteRange} is not empty. Outside names become
 * values only here.
 *
 * <p>Knows nothing of HTTP, SQL, hubs or where files lie. May use: nothing. Locks: none.
 */
@NullMarked
package dev.larder.content;

import org.jspecify.annotations.NullMarked;
