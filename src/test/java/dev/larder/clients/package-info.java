/** Real clients of the Hugging Face Hub against a running {@code larder serve}. */
@NullMarked
package dev.larder.clients;

import org.jspecify.annotations.NullMarked;
