package dev.larder.provision;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * The last entry of a backup: what the others are, with a SHA-256 for every blob, and the catalog's
 * part of the repos. That it is there shows that the archive is whole. Names are kept as text, and
 * judged by whoever reads them.
 */
record Manifest(
    String format,
    int version,
    String createdAt,
    String larder,
    List<Repo> repos,
    List<Archives.LeftOut> leftOut) {
  static final String FORMAT = "larder-backup";

  /** A reader refuses higher ones; what it does not know of its own version it passes over. */
  static final int VERSION = 1;

  static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  Manifest {
    repos = listed(repos);
    leftOut = listed(leftOut);
  }

  /** {@code visibility} and {@code checkedAt}: who may read it, as last asked. */
  record Repo(
      String repo,
      @Nullable String visibility,
      @Nullable String checkedAt,
      @Nullable String canonicalName,
      List<Blob> blobs,
      List<Snapshot> snapshots,
      List<Ref> refs) {
    Repo {
      blobs = listed(blobs);
      snapshots = listed(snapshots);
      refs = listed(refs);
    }
  }

  /** {@code name}: in the repo's {@code blobs}. */
  record Blob(String name, String sha256, long sizeBytes) {}

  /** The files of one commit. */
  record Snapshot(String commit, List<File> files) {
    Snapshot {
      files = listed(files);
    }
  }

  /**
   * {@code inTree}: it is a link in the archive, too, and not only known to the server. {@code
   * shown}: a server put it into the tree, and takes it out when the repo is closed.
   */
  record File(String path, String blob, boolean inTree, boolean shown) {}

  /** {@code confirmedAt}: when the hub last said so, if it ever did. */
  record Ref(String revision, String commit, @Nullable String confirmedAt, boolean inTree) {}

  private static <T> List<T> listed(@Nullable List<T> list) {
    return list == null ? List.of() : List.copyOf(list);
  }

  byte[] write() {
    return JSON.writeValueAsBytes(this);
  }
}
