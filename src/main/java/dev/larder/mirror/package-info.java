/**
 * The heart: "entry E of repo R at revision V for caller C" becomes a hit, a flight or a refusal,
 * with the reason.
 *
 * <p>Promise: what memory can answer is answered without waiting; what is cached is answered
 * whatever the upstream does; a refusal of the upstream is never turned into another one; nobody is
 * shown what they may not read; what there is no room to keep is passed on, verified all the same;
 * whatever one caller asks for, and however slowly it takes it, others find a place.
 *
 * <p>Knows nothing of HTTP. May use: {@code content}, {@code access}, {@code store}, {@code
 * catalog}, {@code hubcache}, {@code transfer}, {@code upstream}, {@code upstream.huggingface}.
 */
@NullMarked
package dev.larder.mirror;

import org.jspecify.annotations.NullMarked;
