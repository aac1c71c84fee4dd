/**
 * Flights: one running download that many readers share.
 *
 * <p>Promise: one upstream fetch per object and access scope; readers get bytes as they land; a
 * whole file never completes before its hash matched; what was fetched is not fetched again, also
 * after a crash; memory per reader is constant.
 *
 * <p>Knows nothing of repos or HTTP. May use: {@code content}, {@code store}, {@code upstream}.
 */
@NullMarked
package dev.larder.transfer;

import org.jspecify.annotations.NullMarked;
