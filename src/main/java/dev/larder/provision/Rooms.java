package dev.larder.provision;

import dev.larder.catalog.Catalog;
import dev.larder.content.Disk;
import dev.larder.content.RepoId;
import dev.larder.hubcache.HubTree;
import dev.larder.store.BlobStore;
import java.time.InstantSource;

/** What all of this room works with. {@code disk}: for files outside the cache. */
public record Rooms(
    BlobStore store, Catalog catalog, HubTree tree, Disk disk, News news, InstantSource clock) {
  /** Who remembers what is here. */
  public interface News {
    /** Files or refs of the repo came in by another way than a download. */
    void cameIn(RepoId repo);
  }
}
