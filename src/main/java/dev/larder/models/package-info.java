/**
 * The registry of named models.
 *
 * <p>Promise: a registered name, or a cached repo, becomes a lease on a model in memory: what its
 * engine needs of the repo is brought here, verified, and held by leases of the store while the
 * model is open; however many ask, it is brought and loaded once. What is registered survives
 * restarts. Failures of engines and of memory are told as this room's own.
 */
@NullMarked
package dev.larder.models;

import org.jspecify.annotations.NullMarked;
