package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.larder.content.LarderException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.ConstantInstruction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ExitCodesTest {
  /** Every failure there is, found in the class files. */
  static Stream<Class<?>> failures() {
    return new ClassFileImporter()
        .importPath(Path.of("target/classes/dev/larder")).stream()
            .filter(c -> c.isAssignableTo(LarderException.class))
            .filter(c -> !c.getModifiers().contains(JavaModifier.ABSTRACT))
            // Repeats, in a command, the code that a server said.
            .filter(c -> !c.getSimpleName().equals("ServerSaid"))
            .map(JavaClass::reflect);
  }

  @ParameterizedTest
  @MethodSource("failures")
  void everyFailure_hasARow(Class<?> failure) throws IOException {
    List<String> codes = codes(failure);

    assertThat(codes).as("codes that %s.code() can return", failure.getName()).isNotEmpty();
    assertThat(codes).as("codes of %s", failure.getName()).allMatch(ExitCodes::knows);
  }

  @Test
  void failures_areFound() {
    assertThat(failures()).contains(dev.larder.settings.SettingsException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "bad-name, 2",
    "bad-setting, 2",
    "content-mismatch, 4",
    "not-allowed, 5",
    "offline-miss, 6",
    "upstream-unreachable, 6",
    "store-full, 7",
    "store-busy, 1",
    "something-new, 1",
  })
  void of_code_isTheProductsExitCode(String code, int exit) {
    assertThat(ExitCodes.of(FakeWorkshop.failing(code, "x"))).isEqualTo(exit);
  }

  /** What {@code code()} can return: the texts in its byte code, or in that of a class above. */
  private static List<String> codes(Class<?> failure) throws IOException {
    List<String> codes = ownCodes(failure);
    return codes.isEmpty() && failure != LarderException.class
        ? codes(failure.getSuperclass())
        : codes;
  }

  private static List<String> ownCodes(Class<?> failure) throws IOException {
    String resource = "/" + failure.getName().replace('.', '/') + ".class";
    try (InputStream bytes = failure.getResourceAsStream(resource)) {
      ClassModel model = ClassFile.of().parse(bytes.readAllBytes());
      List<String> codes = new ArrayList<>();
      for (MethodModel method : model.methods()) {
        if (method.methodName().equalsString("code")) {
          method
              .code()
              .orElseThrow()
              .forEach(
                  element -> {
                    if (element instanceof ConstantInstruction constant
                        && constant.constantValue() instanceof String text) {
                      codes.add(text);
                    }
                  });
        }
      }
      return codes;
    }
  }
}
