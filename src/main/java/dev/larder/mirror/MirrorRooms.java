package dev.larder.mirror;

import dev.larder.catalog.Catalog;
import dev.larder.hubcache.HubTree;
import dev.larder.store.BlobStore;

/** The rooms a mirror keeps things in. */
public record MirrorRooms(BlobStore store, Catalog catalog, HubTree tree, Traffic traffic) {}
