package dev.larder.cli;

import dev.larder.content.EntryPath;
import dev.larder.mirror.PullListener;
import dev.larder.mirror.PulledFile;
import java.util.List;

/** Shows a pull as one bar: the bytes of all files that are not here yet. */
record PullProgress(ProgressBar bar) implements PullListener, AutoCloseable {
  @Override
  public void planned(List<PulledFile> files) {
    bar.expect(
        files.stream()
            .filter(file -> file.state() == PulledFile.State.MISSING)
            .mapToLong(file -> Math.max(0, file.sizeBytes()))
            .sum());
  }

  @Override
  public void progress(EntryPath path, long landedBytes, long totalBytes) {
    bar.at(path.value(), landedBytes);
  }

  @Override
  public void close() {
    bar.close();
  }
}
