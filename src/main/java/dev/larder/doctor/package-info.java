/**
 * What is wrong with this machine's caches and settings: one small check for each question, and the
 * repairs that can do no harm.
 *
 * <p>Promise: an examination ends, whatever is broken. A check that cannot be done is a finding
 * like any other. Nothing is changed unless that was asked for, and then nothing that somebody
 * holds, that a living process may still write to, or that is not Larder's or a dead download's.
 *
 * <p>Knows nothing of commands or terminals.
 */
@NullMarked
package dev.larder.doctor;

import org.jspecify.annotations.NullMarked;
