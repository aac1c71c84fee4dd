/** Tests of the house as a whole: its walls and its text. */
@NullMarked
package dev.larder;

import org.jspecify.annotations.NullMarked;
