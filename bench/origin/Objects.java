import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What the origin offers: {@code big-0} … {@code big-N}, which share one file on disk but for their
 * first 4 KiB, so that each is an object of its own without room of its own; and {@code small-0} …
 * of 4 KiB each. The bytes depend on nothing but the size.
 */
final class Objects {
  static final int PREFIX = 4096;
  private static final int BIG = 24;
  private static final int SMALL = 8;
  private static final int BLOCK = 1 << 20;

  /** One object: its first bytes, then the rest of {@code file} from the same position. */
  record Item(String name, byte[] prefix, FileChannel file, long size, boolean large, String id) {}

  private final Map<String, Item> items = new LinkedHashMap<>();

  static Objects in(Path directory, long size) throws IOException {
    Files.createDirectories(directory);
    Path base = directory.resolve("base-" + size);
    if (!Files.exists(base) || Files.size(base) != size) {
      generate(base, size);
    }
    FileChannel file = FileChannel.open(base);
    Objects objects = new Objects();
    Map<String, String> ids = ids(directory.resolve("ids-" + size), file, base);
    for (int i = 0; i < BIG; i++) {
      String name = "big-" + i;
      objects.items.put(name, new Item(name, random(1000 + i), file, size, true, ids.get(name)));
    }
    for (int i = 0; i < SMALL; i++) {
      byte[] bytes = random(i);
      String name = "small-" + i;
      objects.items.put(name, new Item(name, bytes, file, PREFIX, false, gitId(bytes)));
    }
    return objects;
  }

  Item find(String name) {
    return items.get(name);
  }

  Iterable<Item> all() {
    return items.values();
  }

  /** SHA-256 of every big object, kept beside the file: 24 GiB need not be hashed at each start. */
  private static Map<String, String> ids(Path kept, FileChannel file, Path base)
      throws IOException {
    Map<String, String> ids = new LinkedHashMap<>();
    if (Files.exists(kept)) {
      for (String line : Files.readAllLines(kept)) {
        ids.put(line.split(" ")[0], line.split(" ")[1]);
      }
      return ids;
    }
    MessageDigest[] hashes = new MessageDigest[BIG];
    for (int i = 0; i < BIG; i++) {
      hashes[i] = digest("SHA-256");
      hashes[i].update(random(1000 + i));
    }
    java.util.stream.IntStream.range(0, BIG).parallel().forEach(i -> hashRest(hashes[i], base));
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < BIG; i++) {
      ids.put("big-" + i, HexFormat.of().formatHex(hashes[i].digest()));
      lines.append("big-").append(i).append(' ').append(ids.get("big-" + i)).append('\n');
    }
    Files.writeString(kept, lines);
    return ids;
  }

  private static void hashRest(MessageDigest hash, Path base) {
    try (InputStream in = Files.newInputStream(base)) {
      in.skipNBytes(PREFIX);
      byte[] buffer = new byte[BLOCK];
      for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
        hash.update(buffer, 0, got);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void generate(Path base, long size) throws IOException {
    SplittableRandom random = new SplittableRandom(size);
    byte[] block = new byte[BLOCK];
    try (FileChannel out =
        FileChannel.open(
            base, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      for (long at = 0; at < size; at += BLOCK) {
        random.nextBytes(block);
        out.write(ByteBuffer.wrap(block, 0, (int) Math.min(BLOCK, size - at)));
      }
    }
  }

  private static byte[] random(long seed) {
    byte[] bytes = new byte[PREFIX];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  private static String gitId(byte[] bytes) {
    MessageDigest sha1 = digest("SHA-1");
    sha1.update(("blob " + bytes.length + "\0").getBytes(StandardCharsets.US_ASCII));
    return HexFormat.of().formatHex(sha1.digest(bytes));
  }

  private static MessageDigest digest(String name) {
    try {
      return MessageDigest.getInstance(name);
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
