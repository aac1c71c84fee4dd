package dev.larder.models;

import dev.larder.content.RepoId;
import dev.larder.mirror.Caller;
import dev.larder.mirror.Puller;
import dev.larder.store.BlobStore;

/** Where the repos of models lie. Safe for concurrent use. Blocks. */
public interface ModelPlaces {
  /** A location: what brings files there, and its blobs. */
  record Place(String location, Puller puller, BlobStore store) {}

  /** What is known of a repo here. */
  enum Standing {
    /** Nothing of it is here. */
    ABSENT,
    /** Some of it is here. */
    CACHED,
    /** Some of it is here, and not everybody may read it. */
    RESTRICTED
  }

  Standing standing(RepoId repo);

  /** Whether not everybody may read it, as far as is known by now. From memory. */
  boolean isRestricted(RepoId repo);

  /** Throws what says so when there is no location of this name, or it is not there. */
  void requireLocation(String name);

  /**
   * Where the repo lives; one that is nowhere yet: the location {@code wanted}. Throws what says
   * why when it cannot be written.
   */
  Place placeOf(RepoId repo, String wanted);

  /** Does {@code work}, which brings files of the repo to {@code place}. */
  void bringing(RepoId repo, Place place, Runnable work);

  /** The site itself, which asks for what its operator registered. */
  Caller site(boolean offline);

  /**
   * Who asks in an operator's name: {@code operator}, if with a token of the hub, else the site.
   */
  Caller onBehalfOf(Caller operator);
}
