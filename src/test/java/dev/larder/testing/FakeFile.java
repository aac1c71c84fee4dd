package dev.larder.testing;

import dev.larder.content.GitBlobId;
import java.nio.charset.StandardCharsets;

/** One file of a snapshot: kept in git, or large, with only a pointer in git. */
public record FakeFile(FakeContent content, boolean lfs) {
  /** What the hub sends as the entity tag, without quotes. */
  public String identity() {
    return lfs ? content.sha256().hex() : content.gitId().hex();
  }

  public long size() {
    return content.size();
  }

  /** The git blob id that listings show: the pointer's for a large file. */
  public GitBlobId gitId() {
    return lfs ? FakeContent.of(pointer()).gitId() : content.gitId();
  }

  /** The text that git keeps of a large file. */
  public byte[] pointer() {
    return "version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n"
        .formatted(content.sha256().hex(), size())
        .getBytes(StandardCharsets.UTF_8);
  }
}
