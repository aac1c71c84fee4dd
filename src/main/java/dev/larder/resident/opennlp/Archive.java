package dev.larder.resident.opennlp;

import dev.larder.resident.EngineException;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * An OpenNLP model file that was read through once: a zip whose checksums are right, which names no
 * code. {@code bytes}: unpacked.
 *
 * <p>It is read as a stream, as OpenNLP does, and not by its directory, which could list other
 * entries than those that OpenNLP gets to see.
 */
record Archive(Component component, long bytes) {
  /** The largest that are known have 40 MB. */
  static final long LARGEST = 512L << 20;

  private static final String MANIFEST = "manifest.properties";
  private static final int LARGEST_MANIFEST = 64 << 10;
  private static final int MOST_ENTRIES = 1_000;
  private static final String SERIALIZER = "serializer-class-";

  /**
   * Reads it all. {@code path}: its name in the repo, for messages.
   *
   * @throws EngineException.UnsafeFormat for a format or an entry that could run code
   * @throws EngineException.Broken for all else that is not a model of this engine
   */
  static Archive scan(String path, Path file) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      in.mark(Magic.LENGTH);
      Magic.check(path, in.readNBytes(Magic.LENGTH));
      in.reset();
      return new Scanner(path).scan(new ZipInputStream(in));
    } catch (java.util.zip.ZipException | java.io.EOFException e) {
      throw new EngineException.Broken(
          path + " is damaged: " + e.getMessage() + ". Verify it, or pull it again.", e);
    }
  }

  /** How much heap it takes when it is loaded. */
  long heapBytes() {
    return (long) (bytes * component.heap);
  }

  private static final class Scanner {
    private final String path;
    private final Set<String> names = new HashSet<>();
    private final byte[] buffer = new byte[64 << 10];
    private @Nullable Properties manifest;
    private long total;

    Scanner(String path) {
      this.path = path;
    }

    Archive scan(ZipInputStream zip) throws IOException {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (!names.add(entry.getName()) || names.size() > MOST_ENTRIES) {
          throw broken("has an entry twice, or more than " + MOST_ENTRIES);
        }
        read(entry.getName(), zip);
      }
      if (manifest == null) {
        throw broken("has no " + MANIFEST);
      }
      return new Archive(component(manifest), total);
    }

    private void read(String name, InputStream zip) throws IOException {
      byte[] head = zip.readNBytes(Magic.LENGTH);
      Magic.checkEntry(path, name, head);
      ByteArrayOutputStream kept = new ByteArrayOutputStream();
      kept.write(head);
      total += head.length;
      for (int n = zip.read(buffer); n >= 0; n = zip.read(buffer)) {
        total += n;
        if (total > LARGEST) {
          throw broken("is more than " + LARGEST + " bytes when it is unpacked");
        }
        if (name.equals(MANIFEST)) {
          kept.write(buffer, 0, n);
          if (kept.size() > LARGEST_MANIFEST) {
            throw broken("has a " + MANIFEST + " of more than " + LARGEST_MANIFEST + " bytes");
          }
        }
      }
      if (name.equals(MANIFEST)) {
        manifest = parsed(kept.toByteArray());
      }
    }

    private Properties parsed(byte[] bytes) throws IOException {
      Properties properties = new Properties();
      try {
        properties.load(new ByteArrayInputStream(bytes));
      } catch (IllegalArgumentException e) {
        throw new EngineException.Broken(path + " has a " + MANIFEST + " that is none", e);
      }
      return properties;
    }

    private Component component(Properties manifest) {
      String name = manifest.getProperty("Component-Name", "");
      Optional<Component> component = Component.ofManifest(name);
      if (component.isEmpty()) {
        throw broken(
            "is a model for "
                + (name.isEmpty() ? "nothing that it names" : name)
                + "; known are SentenceDetectorME, TokenizerME, POSTaggerME and"
                + " LanguageDetectorME");
      }
      refuseCode(manifest, component.get());
      return component.get();
    }

    private void refuseCode(Properties manifest, Component component) {
      String factory = manifest.getProperty("factory", component.factory);
      if (!factory.equals(component.factory)) {
        throw unsafe(factory);
      }
      for (String key : manifest.stringPropertyNames()) {
        String value = manifest.getProperty(key, "");
        if (key.startsWith(SERIALIZER) && !value.startsWith("opennlp.tools.")) {
          throw unsafe(value);
        }
      }
    }

    private EngineException.UnsafeFormat unsafe(String type) {
      return new EngineException.UnsafeFormat(
          path + " wants the class " + type + " to be run, which is not OpenNLP's own for it.");
    }

    private EngineException.Broken broken(String what) {
      return new EngineException.Broken(path + " " + what + ".", null);
    }
  }
}
