package dev.larder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Pages that say what shows a promise: each test that a table names is there, and each row of a
 * table whose last column is "shown by" names one.
 */
class ShownByTest {
  private static final Path COMPILED = Path.of("target", "test-classes");
  private static final String LAST = "shown by";

  /** {@code Class.method}, with the nested class between them where there is one. */
  private static final Pattern TEST =
      Pattern.compile("`([A-Z][A-Za-z0-9]+(?:\\.[A-Z][A-Za-z0-9]+)*)\\.([a-z][A-Za-z0-9_]+)`");

  private static final Pattern SCRIPT = Pattern.compile("`(tests/[a-z/]+)`");

  @ParameterizedTest
  @ValueSource(strings = {"docs/abuse-cases.md", "docs/protocols/huggingface.md"})
  void testsOfThePage_areThere(String page) throws IOException {
    Map<String, List<String>> classes = classes();
    List<String> wrong = new ArrayList<>();
    int rows = 0;
    for (String row : rows(Files.readAllLines(Path.of(page)))) {
      rows++;
      String cell = row.substring(row.lastIndexOf('|', row.length() - 2));
      List<MatchResult> tests = TEST.matcher(cell).results().toList();
      List<MatchResult> scripts = SCRIPT.matcher(cell).results().toList();
      if (tests.isEmpty() && scripts.isEmpty()) {
        wrong.add("nothing shows: " + row);
      }
      tests.stream()
          .filter(
              test ->
                  classes.getOrDefault(test.group(1), List.of()).stream()
                      .noneMatch(type -> isTest(type, test.group(2))))
          .forEach(test -> wrong.add("no such test: " + test.group()));
      scripts.stream()
          .filter(script -> !Files.isExecutable(Path.of(script.group(1))))
          .forEach(script -> wrong.add("no such script: " + script.group()));
    }
    assertThat(wrong).isEmpty();
    assertThat(rows).isGreaterThan(30);
  }

  /** Those of all tables whose head ends with {@link #LAST}. */
  private static List<String> rows(List<String> lines) {
    List<String> rows = new ArrayList<>();
    boolean within = false;
    for (String line : lines) {
      if (!line.startsWith("|")) {
        within = false;
      } else if (line.strip().endsWith("| " + LAST + " |")) {
        within = true;
      } else if (within && !line.startsWith("|---")) {
        rows.add(line.strip());
      }
    }
    return rows;
  }

  /** Names of the page, {@code Outer.Nested}, and what the machine calls them. */
  private static Map<String, List<String>> classes() throws IOException {
    try (Stream<Path> files = Files.walk(COMPILED)) {
      return files
          .map(file -> COMPILED.relativize(file).toString())
          .filter(file -> file.endsWith(".class"))
          .map(file -> file.replace(".class", "").replace('/', '.'))
          .collect(
              Collectors.groupingBy(
                  name -> name.substring(name.lastIndexOf('.') + 1).replace('$', '.')));
    }
  }

  private static boolean isTest(String type, String method) {
    try {
      List<Method> methods = new ArrayList<>();
      @Nullable Class<?> each = Class.forName(type, false, ShownByTest.class.getClassLoader());
      for (; each != null; each = each.getSuperclass()) {
        methods.addAll(List.of(each.getDeclaredMethods()));
      }
      return methods.stream()
          .anyMatch(
              one ->
                  one.getName().equals(method)
                      && AnnotationSupport.isAnnotated(one, Testable.class));
    } catch (ClassNotFoundException e) {
      throw new AssertionError(type + " was there a moment ago", e);
    }
  }
}
