package dev.larder.provision;

import dev.larder.content.RepoId;
import dev.larder.provision.Archives.Follower;
import dev.larder.provision.Archives.KeptRef;
import dev.larder.provision.Archives.RestoreReport;
import dev.larder.provision.Archives.RestoreRequest;
import dev.larder.provision.ProvisionException.ArchiveRefused;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import tools.jackson.core.JacksonException;

/**
 * Brings back what an archive holds: all of it is read into {@code tmp} and proved, then published.
 * Until the last byte of the archive was read nobody sees any of it.
 */
final class Restore {
  private final Function<RepoId, Rooms> home;
  private final Instant now;
  private final RestoreRequest request;
  private final Follower follower;
  private final String archive;

  /** {@code home}: the cache that a repo lives in, or comes into. */
  Restore(Function<RepoId, Rooms> home, Instant now, RestoreRequest request, Follower follower) {
    this.home = home;
    this.now = now;
    this.request = request;
    this.follower = follower;
    this.archive = String.valueOf(request.file().getFileName());
  }

  RestoreReport run() {
    try (ArchiveStream stream = ArchiveStream.open(request.file());
        Landing landing = new Landing(home, request.dryRun())) {
      if (!request.dryRun()) {
        stream.said().ifPresent(landing::reserve);
      }
      RestorePlan.Planned plan = planned(stream, landing);
      landing.seal();
      List<KeptRef> kept = new ArrayList<>();
      for (Bundle bundle : plan.bundles()) {
        kept.addAll(request.dryRun() ? landing.wouldKeep(bundle) : landing.publish(bundle));
      }
      return report(stream, plan, landing.newBytes(), kept);
    }
  }

  private RestorePlan.Planned planned(ArchiveStream stream, Landing landing) {
    ArchiveReading.Read read =
        new ArchiveReading(
                archive,
                new TarReader(stream.tar(), archive),
                stream.ours(),
                landing,
                () -> follower.progress(archive, stream.position(), stream.fileBytes()))
            .run();
    if (stream.ours() && read.manifest().isEmpty()) {
      throw new ArchiveRefused(
          archive, "", "it has no %s at its end, so it is not whole".formatted(Place.MANIFEST));
    }
    return RestorePlan.of(archive, read.contents(), read.manifest().map(this::manifest), now);
  }

  private Manifest manifest(byte[] json) {
    try {
      Manifest manifest = Manifest.JSON.readValue(json, Manifest.class);
      if (!Manifest.FORMAT.equals(manifest.format())) {
        throw new ArchiveRefused(archive, Place.MANIFEST, "is none of Larder's");
      }
      if (manifest.version() != Manifest.VERSION) {
        throw new ArchiveRefused(
            archive,
            Place.MANIFEST,
            "has format version %d, this Larder reads %d; use the Larder that wrote it or a newer one"
                .formatted(manifest.version(), Manifest.VERSION));
      }
      return manifest;
    } catch (JacksonException e) {
      throw new ArchiveRefused(
          archive, Place.MANIFEST, "cannot be read (%s)".formatted(e.getOriginalMessage()));
    }
  }

  private RestoreReport report(
      ArchiveStream stream, RestorePlan.Planned plan, long newBytes, List<KeptRef> kept) {
    return new RestoreReport(
        request.file(),
        stream.ours(),
        request.dryRun(),
        plan.bundles().stream().map(Bundle::repo).toList(),
        plan.bundles().stream().mapToLong(Bundle::files).sum(),
        plan.bundles().stream().mapToLong(Bundle::sizeBytes).sum(),
        newBytes,
        kept,
        plan.leftOut());
  }
}
