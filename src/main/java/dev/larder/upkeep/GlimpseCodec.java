package dev.larder.upkeep;

import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.InvalidName;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree.Stamp;
import dev.larder.upkeep.Glimpse.Entries;
import dev.larder.upkeep.Glimpse.Entry;
import dev.larder.upkeep.Glimpse.Target;
import dev.larder.upkeep.RepoListing.Ref;
import dev.larder.upkeep.RepoListing.State;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A {@link Glimpse} as bytes, with a checksum before them. Those of a version that is not this
 * one's, and damaged ones, read as nothing.
 */
final class GlimpseCodec {
  private static final int VERSION = 3;
  private static final String OWN_BLOBS = "blobs/";

  private GlimpseCodec() {}

  /** Writes one value. */
  private interface Writer<T> {
    void write(DataOutputStream out, T value) throws IOException;
  }

  /** Reads one value. */
  private interface Reader<T> {
    T read(DataInputStream in) throws IOException;
  }

  static byte[] write(Glimpse glimpse) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeLong(0); // Where the checksum comes.
      out.writeByte(VERSION);
      out.writeByte(glimpse.state().ordinal());
      writeAll(out, glimpse.stamps(), GlimpseCodec::writeStamp);
      writeAll(out, glimpse.targets(), GlimpseCodec::writeTarget);
      writeEntries(out, glimpse.entries());
      writeAll(out, glimpse.refs(), GlimpseCodec::writeRef);
      writeAll(out, glimpse.problems(), DataOutputStream::writeUTF);
      writeAll(out, glimpse.skipped(), (to, path) -> to.writeUTF(path.value()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] all = bytes.toByteArray();
    ByteBuffer.wrap(all).putLong(checksum(all));
    return all;
  }

  private static long checksum(byte[] all) {
    CRC32C sum = new CRC32C();
    sum.update(all, Long.BYTES, all.length - Long.BYTES);
    return sum.getValue();
  }

  private static <T> void writeAll(DataOutputStream out, List<T> values, Writer<T> writer)
      throws IOException {
    out.writeInt(values.size());
    for (T value : values) {
      writer.write(out, value);
    }
  }

  private static void writeStamp(DataOutputStream out, Stamp stamp) throws IOException {
    out.writeUTF(stamp.path());
    out.writeLong(stamp.inode());
    out.writeLong(stamp.modifiedNanos());
    out.writeLong(stamp.changedNanos());
  }

  /** Nearly every file lies in the repo's own folder under its blob's name. */
  private static void writeTarget(DataOutputStream out, Target target) throws IOException {
    boolean own = target.below().equals(OWN_BLOBS + target.blob());
    out.writeUTF(own ? "" : target.below());
    out.writeUTF(target.blob());
    out.writeLong(target.sizeBytes());
  }

  private static Target readTarget(DataInputStream in) throws IOException {
    String below = in.readUTF();
    String blob = in.readUTF();
    return new Target(below.isEmpty() ? OWN_BLOBS + blob : below, blob, in.readLong());
  }

  private static void writeEntries(DataOutputStream out, Entries entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream block = new DataOutputStream(bytes);
    List<Commit> commits = entries.all().get().stream().map(Entry::commit).distinct().toList();
    writeAll(block, commits, (to, commit) -> to.writeUTF(commit.hex()));
    writeAll(block, entries.all().get(), (to, entry) -> writeEntry(to, entry, commits));
    out.writeInt(entries.count());
    out.writeInt(bytes.size());
    bytes.writeTo(out);
  }

  private static void writeEntry(DataOutputStream out, Entry entry, List<Commit> commits)
      throws IOException {
    out.writeInt(commits.indexOf(entry.commit()));
    out.writeUTF(entry.path().value());
    out.writeInt(entry.target());
  }

  private static void writeRef(DataOutputStream out, Ref ref) throws IOException {
    out.writeUTF(ref.revision().name());
    out.writeUTF(ref.commit().hex());
  }

  static Optional<Glimpse> read(RepoId repo, byte[] bytes) {
    if (bytes.length < Long.BYTES || ByteBuffer.wrap(bytes).getLong() != checksum(bytes)) {
      return Optional.empty();
    }
    int rest = bytes.length - Long.BYTES;
    try (DataInputStream in =
        new DataInputStream(new ByteArrayInputStream(bytes, Long.BYTES, rest))) {
      return in.readByte() == VERSION ? Optional.of(read(repo, in)) : Optional.empty();
    } catch (IOException | InvalidName | IndexOutOfBoundsException _) {
      return Optional.empty(); // The folder is read again.
    }
  }

  private static Glimpse read(RepoId repo, DataInputStream in) throws IOException {
    State state = State.values()[in.readByte()];
    List<Stamp> stamps =
        readAll(in, i -> new Stamp(i.readUTF(), i.readLong(), i.readLong(), i.readLong()));
    List<Target> targets = readAll(in, GlimpseCodec::readTarget);
    Entries entries = readEntries(in, targets.size());
    return new Glimpse(
        repo,
        stamps,
        targets,
        entries,
        readAll(in, i -> new Ref(new Revision(i.readUTF()), new Commit(i.readUTF()))),
        state,
        readAll(in, i -> i.readUTF()),
        readAll(in, i -> new EntryPath(i.readUTF())));
  }

  private static Entries readEntries(DataInputStream in, int targets) throws IOException {
    int count = in.readInt();
    byte[] block = in.readNBytes(in.readInt());
    return new Entries(count, () -> entries(block, targets));
  }

  /** Bytes that have the right checksum: they are as they were written. */
  private static List<Entry> entries(byte[] block, int targets) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(block))) {
      List<Commit> commits = readAll(in, i -> new Commit(i.readUTF()));
      return readAll(
          in,
          i ->
              new Entry(
                  commits.get(i.readInt()),
                  new EntryPath(i.readUTF()),
                  Objects.checkIndex(i.readInt(), targets)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <T> List<T> readAll(DataInputStream in, Reader<T> reader) throws IOException {
    int count = in.readInt();
    if (count < 0) {
      throw new StreamCorruptedException("%d values".formatted(count));
    }
    List<T> values = new ArrayList<>(Math.min(count, 10_000));
    for (int i = 0; i < count; i++) {
      values.add(reader.read(in));
    }
    return values;
  }
}
