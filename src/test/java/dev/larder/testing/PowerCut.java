package dev.larder.testing;

import dev.larder.content.Digest;
import dev.larder.store.BlobLedger.State;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A model of a file system that forgets what was not synced. Fed with a prefix of a {@link
 * RecordingDisk}'s log it answers what may be left after a crash. Harsher than real ones: each name
 * and each write is kept or lost on its own, whatever came after it.
 */
public final class PowerCut {
  /** What a crash takes away. */
  public enum Loss {
    /** The process was killed; the kernel has everything. */
    NOTHING,
    /** All that was not synced. */
    ALL,
    /** Bytes not synced; names stay, files end where they were synced. */
    DATA,
    /** Bytes not synced read as zeros; names and sizes stay. */
    ZEROS,
    /** Names not synced; bytes stay. */
    NAMES,
    /** Half of the last write. */
    TORN,
    /**
     * All that was not synced outside {@code tmp}, and half of each blob that has a row: the disk
     * said that it had them. Only while a store is open: a clean stop gives it the time to write.
     */
    LIED,
    /** Each name and each write by a coin. */
    SOME
  }

  private static final class Node {
    final int id;
    byte[] data = new byte[0];
    int mode = 0600;
    byte[] syncedData = new byte[0];
    int syncedMode = 0600;
    final List<DiskOp> unsynced = new ArrayList<>();
    int lastWrite;
    int lastChange;

    Node(int id) {
      this.id = id;
    }

    void sync() {
      syncedData = data;
      syncedMode = mode;
      unsynced.clear();
    }
  }

  private record Row(State state, @Nullable Node file, int at) {}

  /** Directory to its names; a name without a node is a directory. */
  private final Map<String, Map<String, @Nullable Node>> names = new TreeMap<>();

  private final Map<String, Map<String, @Nullable Node>> syncedNames = new TreeMap<>();
  private final Map<Integer, Node> handles = new HashMap<>();
  private final Map<Digest, Row> rows = new TreeMap<>();
  private final Map<Digest, Row> forgotten = new TreeMap<>();
  private final Set<Digest> promised = new HashSet<>();
  private final String larder;
  private final String boot;
  private int nodes;
  private int clock;

  /**
   * @param larder where the store lies in the recorded directory
   * @param boot names the kernel that ran during the recording
   */
  public PowerCut(String larder, String boot) {
    this.larder = larder;
    this.boot = boot;
    names.put("", new TreeMap<>());
    syncedNames.put("", new TreeMap<>());
  }

  /** Starts from what an earlier crash left, all of it durable. */
  public PowerCut(String larder, CrashImage image) {
    this(larder, image.boot());
    Map<Integer, Node> byId = new HashMap<>();
    for (String directory : image.directories()) {
      apply(new DiskOp.MakeDirectory(directory));
    }
    image
        .files()
        .forEach(
            (path, file) -> {
              Node node = byId.computeIfAbsent(file.id(), _ -> new Node(++nodes));
              node.data = file.data();
              node.mode = file.mode();
              node.sync();
              in(path).put(name(path), node);
            });
    names.forEach((path, entries) -> syncedNames.put(path, new TreeMap<>(entries)));
    image
        .rows()
        .forEach(
            (digest, row) ->
                rows.put(digest, new Row(row.state(), row.matching() ? blob(digest) : null, 0)));
    promised.addAll(image.promised());
  }

  public void apply(DiskOp op) {
    clock++;
    switch (op) {
      case DiskOp.Create(String path, int handle) -> {
        Node node = new Node(++nodes);
        in(path).put(name(path), node);
        handles.put(handle, node);
      }
      case DiskOp.Reopen(String path, int handle) -> handles.put(handle, node(path));
      case DiskOp.Write write -> change(handles.get(write.handle()), write);
      case DiskOp.Truncate truncate -> change(handles.get(truncate.handle()), truncate);
      case DiskOp.Sync(int handle) -> handles.get(handle).sync();
      case DiskOp.SyncPath(String path) -> node(path).sync();
      case DiskOp.SyncDirectory(String path) ->
          syncedNames.put(path, new TreeMap<>(names.get(path)));
      case DiskOp.Link(String existing, String name) -> in(name).put(name(name), touched(existing));
      case DiskOp.Symlink(String name, String text) -> {
        Node node = new Node(++nodes);
        node.data = text.getBytes(StandardCharsets.UTF_8);
        node.mode = CrashImage.SYMLINK;
        node.sync();
        in(name).put(name(name), node);
      }
      case DiskOp.Rename(String from, String to) -> {
        in(to).put(name(to), touched(from));
        in(from).remove(name(from));
      }
      case DiskOp.Delete(String path) -> {
        Node node = in(path).remove(name(path));
        if (node == null) {
          names.remove(path);
        } else {
          node.lastChange = clock;
        }
      }
      case DiskOp.MakeDirectory(String path) -> {
        in(path).put(name(path), null);
        names.put(path, new TreeMap<>());
        syncedNames.put(path, new TreeMap<>());
      }
      case DiskOp.Chmod(String path, int mode) -> touched(path).mode = mode;
      case DiskOp.LedgerPut(Digest digest, State state) -> {
        rows.put(digest, new Row(state, blob(digest), clock));
        forgotten.remove(digest);
      }
      case DiskOp.LedgerForget(Digest digest) -> {
        Row row = rows.remove(digest);
        if (row != null) {
          forgotten.put(digest, row);
        }
      }
      case DiskOp.Promise(Digest digest, boolean stored) -> {
        if (stored) {
          promised.add(digest);
        } else {
          promised.remove(digest);
        }
      }
    }
  }

  private void change(Node node, DiskOp op) {
    node.data = changed(node.data, op, Integer.MAX_VALUE);
    node.unsynced.add(op);
    node.lastWrite = clock;
    node.lastChange = clock;
  }

  private static byte[] changed(byte[] data, DiskOp op, int most) {
    if (op instanceof DiskOp.Truncate(_, long size)) {
      return Arrays.copyOf(data, (int) Math.min(size, data.length));
    }
    DiskOp.Write write = (DiskOp.Write) op;
    int length = Math.min(most, write.data().length);
    int end = (int) write.position() + length;
    byte[] after = Arrays.copyOf(data, Math.max(data.length, end));
    System.arraycopy(write.data(), 0, after, (int) write.position(), length);
    return after;
  }

  /** What may be left now. {@code random} decides where {@code loss} leaves a choice. */
  public CrashImage image(Loss loss, Random random) {
    TreeSet<String> directories = new TreeSet<>();
    TreeMap<String, CrashImage.FileImage> files = new TreeMap<>();
    Map<Node, CrashImage.FileImage> seen = new HashMap<>();
    Set<Digest> kept = new HashSet<>(promised);
    if (loss == Loss.LIED && node(larder + "/UNCLEAN", names) != null) {
      lie(seen, kept);
    }
    walk("", loss, random, directories, files, seen);
    TreeMap<Digest, CrashImage.RowImage> left = new TreeMap<>();
    rows.forEach((digest, row) -> left.put(digest, rowImage(digest, row, files)));
    if (loss == Loss.SOME) {
      // Forgetting a row is not promised to be durable.
      forgotten.forEach(
          (digest, row) -> {
            if (random.nextInt(4) == 0) {
              left.putIfAbsent(digest, rowImage(digest, row, files));
            }
          });
    }
    return new CrashImage(
        directories, files, left, Set.copyOf(kept), loss == Loss.NOTHING ? boot : boot + "+");
  }

  private void lie(Map<Node, CrashImage.FileImage> seen, Set<Digest> kept) {
    rows.forEach(
        (digest, row) -> {
          Node node = row.file();
          if (node != null && !names.get(larder + "/tmp").containsValue(node)) {
            byte[] data = node.syncedData.clone();
            Arrays.fill(data, data.length / 2, data.length, (byte) 0);
            seen.put(node, new CrashImage.FileImage(node.id, data, node.syncedMode));
            kept.remove(digest);
          }
        });
  }

  private CrashImage.RowImage rowImage(
      Digest digest, Row row, Map<String, CrashImage.FileImage> files) {
    CrashImage.FileImage file = files.get(blobPath(digest));
    Node then = row.file();
    boolean matching =
        file != null && then != null && file.id() == then.id && then.lastChange <= row.at();
    return new CrashImage.RowImage(row.state(), matching);
  }

  private void walk(
      String directory,
      Loss loss,
      Random random,
      Set<String> directories,
      Map<String, CrashImage.FileImage> files,
      Map<Node, CrashImage.FileImage> seen) {
    Map<String, @Nullable Node> now = names.getOrDefault(directory, Map.of());
    Map<String, @Nullable Node> synced = syncedNames.getOrDefault(directory, Map.of());
    Set<String> all = new TreeSet<>(now.keySet());
    all.addAll(synced.keySet());
    for (String name : all) {
      Map<String, @Nullable Node> from =
          switch (loss) {
            case NOTHING, DATA, ZEROS, TORN -> now;
            case ALL, NAMES -> synced;
            case LIED -> directory.equals(larder + "/tmp") ? now : synced;
            case SOME -> random.nextBoolean() ? now : synced;
          };
      String path = directory.isEmpty() ? name : directory + '/' + name;
      if (!from.containsKey(name)) {
        continue;
      }
      Node node = from.get(name);
      if (node == null) {
        directories.add(path);
        walk(path, loss, random, directories, files, seen);
      } else {
        files.put(path, seen.computeIfAbsent(node, n -> file(n, loss, random)));
      }
    }
  }

  private CrashImage.FileImage file(Node node, Loss loss, Random random) {
    return switch (loss) {
      case NOTHING, NAMES -> new CrashImage.FileImage(node.id, node.data, node.mode);
      case ALL, DATA, LIED -> new CrashImage.FileImage(node.id, node.syncedData, node.syncedMode);
      case ZEROS ->
          new CrashImage.FileImage(
              node.id, Arrays.copyOf(node.syncedData, node.data.length), node.mode);
      case TORN -> new CrashImage.FileImage(node.id, torn(node), node.mode);
      case SOME -> new CrashImage.FileImage(node.id, some(node, random), node.mode);
    };
  }

  private byte[] torn(Node node) {
    byte[] data = node.syncedData;
    for (int i = 0; i < node.unsynced.size(); i++) {
      DiskOp op = node.unsynced.get(i);
      boolean last = i == node.unsynced.size() - 1 && node.lastWrite == clock;
      int most = last && op instanceof DiskOp.Write w ? w.data().length / 2 : Integer.MAX_VALUE;
      data = changed(data, op, most);
    }
    return data;
  }

  private static byte[] some(Node node, Random random) {
    byte[] data = node.syncedData;
    for (DiskOp op : node.unsynced) {
      if (random.nextBoolean()) {
        data = changed(data, op, Integer.MAX_VALUE);
      }
    }
    return data;
  }

  private @Nullable Node blob(Digest digest) {
    return node(blobPath(digest), names);
  }

  private static @Nullable Node node(String path, Map<String, Map<String, @Nullable Node>> in) {
    Map<String, @Nullable Node> directory = in.get(parent(path));
    return directory == null ? null : directory.get(name(path));
  }

  private String blobPath(Digest digest) {
    return larder + "/store/sha256/" + digest.shard() + '/' + digest.hex();
  }

  private Map<String, @Nullable Node> in(String path) {
    Map<String, @Nullable Node> directory = names.get(parent(path));
    if (directory == null) {
      throw new IllegalStateException("no directory for " + path);
    }
    return directory;
  }

  private Node node(String path) {
    Node node = in(path).get(name(path));
    if (node == null) {
      throw new IllegalStateException("no file " + path);
    }
    return node;
  }

  /** Its ctime changes. */
  private Node touched(String path) {
    Node node = node(path);
    node.lastChange = clock;
    return node;
  }

  private static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash < 0 ? "" : path.substring(0, slash);
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
