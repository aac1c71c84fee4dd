package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * What no text of the repository may hold. The patterns are written so that they miss this file.
 */
class RepositoryTextTest {
  private static final Set<String> SKIPPED =
      Set.of(".git", "target", "node_modules", ".idea", "shared", "LICENSE");

  private static final Map<String, Pattern> FORBIDDEN =
      Map.of(
          "a path of one machine", Pattern.compile("(^|[\\s\"'`=(:])/(work|root)/"),
          "the host of a package registry",
              Pattern.compile(
                  "repo1?[.]maven|registry[.]npmjs|deb[.]debian|pythonhosted[.]org|snapshot[.]debian"),
          "work put off", Pattern.compile("\\b(T[O]DO|F[I]XME|X[X]X)\\b(?!XX)"));

  @Test
  void text_ofTheRepository_holdsNothingLocalOrUnfinished() throws IOException {
    List<String> faults = new ArrayList<>();
    for (Path file : textFiles()) {
      int number = 0;
      for (String line : lines(file)) {
        number++;
        for (var rule : FORBIDDEN.entrySet()) {
          if (rule.getValue().matcher(line).find()) {
            faults.add("%s:%d holds %s: %s".formatted(file, number, rule.getKey(), line.strip()));
          }
        }
      }
    }
    assertThat(faults).isEmpty();
  }

  /** Empty for a file that is not text. */
  private static List<String> lines(Path file) throws IOException {
    try {
      return Files.readAllLines(file);
    } catch (MalformedInputException e) {
      return List.of();
    }
  }

  private static List<Path> textFiles() throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        Path.of(""),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return SKIPPED.contains(directory.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()
                && attributes.size() < 1_000_000
                && !SKIPPED.contains(file.getFileName().toString())) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    assertThat(files).hasSizeGreaterThan(10);
    return files;
  }
}
