package dev.larder.resident.opennlp;

import dev.larder.resident.EngineException;

/** What a file is, by its first bytes: a pickle stays one under any name. */
final class Magic {
  static final int LENGTH = 4;

  private Magic() {}

  /** Throws for a file that is not a zip. */
  static void check(String path, byte[] head) {
    refuseCode(path, head);
    if (head.length < LENGTH || head[0] != 'P' || head[1] != 'K' || head[2] != 3 || head[3] != 4) {
      throw new EngineException.Broken(
          path + " is not an OpenNLP model: it is not a zip archive.", null);
    }
  }

  /** Throws for an entry of a zip that can run code. */
  static void checkEntry(String path, String entry, byte[] head) {
    if (entry.endsWith(".pkl")) {
      throw pickle(path);
    }
    refuseCode(path, head);
  }

  private static void refuseCode(String path, byte[] head) {
    if (head.length >= 2 && (head[0] & 0xff) == 0x80 && head[1] >= 2 && head[1] <= 5) {
      throw pickle(path);
    }
    if (head.length >= 2 && (head[0] & 0xff) == 0xac && (head[1] & 0xff) == 0xed) {
      throw new EngineException.UnsafeFormat(
          path + " has serialised Java objects, which run code when they are read.");
    }
  }

  private static EngineException.UnsafeFormat pickle(String path) {
    return new EngineException.UnsafeFormat(
        path + " has a Python pickle, which runs code when it is read.");
  }
}
