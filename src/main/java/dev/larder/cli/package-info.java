/**
 * The command line: one class per command, text and JSON output, exit codes.
 *
 * <p>Promise: stdout carries data only; an error is one clear line on stderr and one exit code,
 * never a stack trace; progress appears on a terminal only; a secret is never printed.
 *
 * <p>Does not know how rooms are wired: what is done is asked of a {@link dev.larder.cli.Workshop}.
 */
@NullMarked
package dev.larder.cli;

import org.jspecify.annotations.NullMarked;
