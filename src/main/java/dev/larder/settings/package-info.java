/**
 * What an operator can set: names, types, defaults and help in one place, read from flags, the
 * environment, {@code .env} and {@code larder.yaml}.
 *
 * <p>Promise: a {@link dev.larder.settings.Settings} is valid and knows where each value came from;
 * a typo is an error that names itself, its place and the nearest right name; a secret is never
 * printed.
 *
 * <p>Knows nothing of commands, stores or hubs. May use: {@code content}.
 */
@NullMarked
package dev.larder.settings;

import org.jspecify.annotations.NullMarked;
