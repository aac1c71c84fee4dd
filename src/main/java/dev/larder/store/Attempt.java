package dev.larder.store;

import dev.larder.content.Identity;
import java.nio.file.Path;
import java.util.Map;

/** What an attempt is for, and its two files in {@code tmp}. */
record Attempt(
    Path part, Path journal, Identity expected, long sizeBytes, Map<String, String> label) {}
