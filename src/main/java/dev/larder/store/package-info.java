/**
 * Keeps blobs on disk by digest. Owns {@code <root>/larder} alone.
 *
 * <p>Promise: a published blob is whole, verified and durable; a reader that holds a lease keeps
 * its bytes; what did not verify is never published; space is reserved before it is written.
 *
 * <p>Knows nothing of repos, HTTP or SQL. May use: {@code content}. Locks, from the outside in: an
 * attempt's gate, its hashing lock, a digest's lock, then the arithmetic of reservations and of
 * landed ranges, which are never held across writes. No lock is shared by readers.
 */
@NullMarked
package dev.larder.store;

import org.jspecify.annotations.NullMarked;
