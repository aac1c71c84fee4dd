/**
 * The Hugging Face cache tree on disk, exactly as huggingface_hub reads and writes it.
 *
 * <p>Promise: Python and Larder see the same files; a ref is written last and names a snapshot that
 * is there; nothing that Python put here is trusted before it was hashed; nothing of somebody
 * else's is removed unless the owner of the tree names it.
 *
 * <p>No directory below the cache root is entered through a symbolic link, and nothing outside the
 * root is read or written. Files that wait for their name lie in {@code blobs}, where no client
 * looks for a ref or an entry: copies of blobs as {@code *.incomplete}, which every client may
 * sweep, and what has its name at once as {@code larder.*.tmp}, which only Larder sweeps.
 *
 * <p>Knows nothing of HTTP or SQL. Waits for no lock: a program that holds one of Python's may be
 * waiting for Larder's answer. A removal tries the lock of each blob that it removes, and leaves
 * the blob when Python has it.
 */
@NullMarked
package dev.larder.hubcache;

import org.jspecify.annotations.NullMarked;
