/** What shows the promise of {@code dev.larder.resident.opennlp}. */
@NullMarked
package dev.larder.resident.opennlp;

import org.jspecify.annotations.NullMarked;
