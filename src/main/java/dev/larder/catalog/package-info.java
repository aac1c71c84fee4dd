/**
 * What is cached, from where, refs, documents, who may read what, and the access log, in one
 * database.
 *
 * <p>Promise: every change is one short transaction; a catalog that is lost or damaged is set aside
 * and rebuilt from the files; the SQL is portable and the port is small.
 *
 * <p>Knows nothing of HTTP, hubs or where files lie. May use: {@code content}. Locks: one
 * connection writes, so writers queue.
 */
@NullMarked
package dev.larder.catalog;

import org.jspecify.annotations.NullMarked;
