/**
 * Models in memory: loaded once, shared under leases, let go of when room is wanted.
 *
 * <p>Promise: one load for any number of concurrent callers of a key; a model is closed exactly
 * once and never while somebody has a lease on it; memory is reserved before a load begins; no more
 * is evicted than makes room; every wait ends.
 *
 * <p>Knows nothing of Larder: it may use the JDK alone, so that any program can embed it. One lock
 * guards all of it, and no foreign code (loaders, models, listeners) runs under it.
 */
@NullMarked
package dev.larder.resident;

import org.jspecify.annotations.NullMarked;
