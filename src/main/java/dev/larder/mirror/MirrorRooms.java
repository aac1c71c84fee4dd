package dev.larder.mirror;

import dev.larder.access.Access;
import dev.larder.catalog.Catalog;
import dev.larder.hubcache.HubTree;
import dev.larder.store.BlobStore;

/** The rooms a mirror keeps things in, and the one that knows who may read them. */
public record MirrorRooms(
    BlobStore store, Catalog catalog, HubTree tree, Traffic traffic, Access access) {}
