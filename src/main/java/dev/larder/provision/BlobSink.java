package dev.larder.provision;

import dev.larder.content.Identity;
import dev.larder.content.RepoId;
import dev.larder.store.Intake;

/** Where the blobs of an archive go. Throws {@code BlobMismatch} for wrong bytes. */
interface BlobSink {
  Contents.Blob put(RepoId repo, Identity identity, long sizeBytes, Intake.Bytes bytes);
}
