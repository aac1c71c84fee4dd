/**
 * What is here and whether it is sound: listings, verification with repair, the nightly scrub,
 * statistics; and what goes when room is wanted: removal, eviction, pins.
 *
 * <p>Promise: what is reported was looked up, not guessed; nothing is removed that is in use, nor
 * anything of somebody else's that its owner did not name. A removal is a plan first, and that plan
 * is done; cut anywhere it leaves no ref without its snapshot and no link without its blob.
 *
 * <p>Knows nothing of HTTP or terminals.
 */
@NullMarked
package dev.larder.upkeep;

import org.jspecify.annotations.NullMarked;
