/**
 * The Hugging Face cache tree on disk, exactly as huggingface_hub reads and writes it.
 *
 * <p>Promise: Python and Larder see the same files; a ref is written last and names a snapshot that
 * is there; nothing that Python put here is trusted before it was hashed; nothing of somebody
 * else's is removed.
 *
 * <p>Knows nothing of HTTP or SQL. May use: {@code content}, {@code store}.
 */
@NullMarked
package dev.larder.hubcache;

import org.jspecify.annotations.NullMarked;
