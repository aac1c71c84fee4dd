/**
 * The engine {@code opennlp}: sentences, words, parts of speech and languages, by model files of
 * Apache OpenNLP.
 *
 * <p>Promise: only what a file has as data is loaded; a file that names code or is not what its
 * name says is refused before OpenNLP sees it. An analysis takes time in proportion to its text,
 * whatever the text is.
 */
@NullMarked
package dev.larder.resident.opennlp;

import org.jspecify.annotations.NullMarked;
