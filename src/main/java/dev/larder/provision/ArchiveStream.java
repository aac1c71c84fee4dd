package dev.larder.provision;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.larder.provision.ProvisionException.ArchiveIo;
import dev.larder.provision.ProvisionException.ArchiveRefused;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The tar file inside an archive, by how the archive begins: zstd is a backup of Larder's, gzip a
 * cache that somebody packed. {@code said}: what it says will come out of it.
 */
record ArchiveStream(
    InputStream tar, FileChannel file, long fileBytes, boolean ours, Optional<Preamble> said)
    implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 20;

  /** What a match may reach back to, as the zstd program has it: 128 MiB. */
  private static final int MOST_WINDOW = 27;

  static ArchiveStream open(Path archive) {
    try {
      if (!Files.isRegularFile(archive)) {
        throw new IOException(
            Files.exists(archive) ? archive + " is no file" : archive + " is not there");
      }
      FileChannel file = FileChannel.open(archive, StandardOpenOption.READ);
      try {
        return read(archive, file);
      } catch (IOException | RuntimeException e) {
        file.close();
        throw e;
      }
    } catch (IOException e) {
      throw new ArchiveIo("read the archive " + archive, e);
    }
  }

  private static ArchiveStream read(Path archive, FileChannel file) throws IOException {
    InputStream in = new BufferedInputStream(Channels.newInputStream(file), BUFFER_BYTES);
    in.mark(4);
    byte[] magic = in.readNBytes(2);
    in.reset();
    if (magic.length == 2 && magic[0] == 0x1f && (magic[1] & 0xff) == 0x8b) {
      return new ArchiveStream(
          new ReadAhead(new GzipStream(in)), file, file.size(), false, Optional.empty());
    }
    Optional<Preamble> said = Preamble.read(in);
    if (said.isEmpty() && !isZstd(magic)) {
      throw new ArchiveRefused(
          archive.toString(), "", "it is neither a backup of Larder's (tar.zst) nor a tar.gz");
    }
    ZstdInputStreamNoFinalizer zstd = new ZstdInputStreamNoFinalizer(in);
    zstd.setLongMax(MOST_WINDOW);
    return new ArchiveStream(new ReadAhead(zstd), file, file.size(), true, said);
  }

  private static boolean isZstd(byte[] magic) {
    return magic.length == 2 && magic[0] == 0x28 && (magic[1] & 0xff) == 0xb5;
  }

  /** How much of the archive's file was read. */
  long position() {
    try {
      return file.position();
    } catch (IOException _) {
      return 0; // Only shown.
    }
  }

  @Override
  public void close() {
    try {
      tar.close();
    } catch (IOException e) {
      throw new ArchiveIo("close the archive", e);
    }
  }
}
