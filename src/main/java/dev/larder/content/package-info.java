/**
 * The words every other room speaks: digests, ranges, names, sizes, the {@link
 * dev.larder.content.Disk} port, and the root of all errors; how what is scarce is shared ({@link
 * dev.larder.content.Shares}).
 *
 * <p>Promise: a value of a type of this room is valid. A {@code Digest} is a digest, a {@code
 * RepoId} can never leave a directory, a {@code ByteRange} is not empty. Outside names become
 * values only here.
 *
 * <p>Knows nothing of HTTP, SQL, hubs or where files lie. May use: nothing. Locks: one in {@code
 * Shares}, under which nobody is called.
 */
@NullMarked
package dev.larder.content;

import org.jspecify.annotations.NullMarked;
