package com.example.policy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The command line. {@code memory}: what loaded models may take together, in bytes. */
record Options(String host, int port, Path models, long memory, int jobs) {
  static final String USAGE =
      """
      usage: run --models DIR [--port 8095] [--host 127.0.0.1] [--memory BYTES] [--jobs N]

        --models DIR    has the folders (or links) all-MiniLM-L6-v2 and opennlp-en, or is a
                        Hugging Face cache that has such repos
        --port 0        any free port; the first line of output says which
        --memory BYTES  what loaded models may take together (1000000000)
        --jobs N        analyses that run at once (2)
      """;

  private static final List<String> NAMES =
      List.of("--host", "--port", "--models", "--memory", "--jobs");

  /** Throws {@link IllegalArgumentException} with what is wrong. */
  static Options parse(List<String> arguments) {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < arguments.size(); i += 2) {
      String name = arguments.get(i);
      if (!NAMES.contains(name)) {
        throw new IllegalArgumentException("There is no option " + name + ".");
      }
      if (i + 1 == arguments.size()) {
        throw new IllegalArgumentException(name + " needs a value.");
      }
      given.put(name, arguments.get(i + 1));
    }
    if (!given.containsKey("--models")) {
      throw new IllegalArgumentException("--models DIR is missing.");
    }
    return new Options(
        given.getOrDefault("--host", "127.0.0.1"),
        (int) number(given, "--port", 8095, 0, 65_535),
        Path.of(given.get("--models")),
        number(given, "--memory", 1_000_000_000L, 1, Long.MAX_VALUE),
        (int) number(given, "--jobs", 2, 1, 64));
  }

  private static long number(
      Map<String, String> given, String name, long standard, long least, long most) {
    String text = given.get(name);
    if (text == null) {
      return standard;
    }
    try {
      long value = Long.parseLong(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Told below, like a number out of range.
    }
    throw new IllegalArgumentException(
        name + " must be a number from " + least + " to " + most + ", not " + text + ".");
  }
}
