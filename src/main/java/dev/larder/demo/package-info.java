/**
 * The demo: a small hub on loopback that offers one real model, and the story told with it.
 *
 * <p>Promise: the hub speaks the real hub's read side (ids, redirects to a second origin, ranges,
 * error contract) and counts every file byte it sends; every figure of the story is measured in the
 * run that shows it; nothing is kept in memory but small documents, and nothing stays on disk.
 *
 * <p>Knows nothing of stores, mirrors or settings: the story acts through {@link
 * dev.larder.demo.DemoStage}. May use: {@code content}. Locks: none.
 */
@NullMarked
package dev.larder.demo;

import org.jspecify.annotations.NullMarked;
