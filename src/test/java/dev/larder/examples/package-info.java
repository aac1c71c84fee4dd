/** The programs of {@code examples/}, started by their own scripts. */
@NullMarked
package dev.larder.examples;

import org.jspecify.annotations.NullMarked;
