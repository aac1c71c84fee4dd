package dev.larder.testing;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.larder.content.LarderException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.instruction.ConstantInstruction;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The kinds of failure there are, with the codes that each can have, read from the class files. */
public final class FailureCodes {
  private static final Pattern CODE = Pattern.compile("[a-z]+(-[a-z]+)*");

  private FailureCodes() {}

  /** By the name of the class. */
  public static Map<String, Set<String>> all() {
    Map<String, Set<String>> codes = new TreeMap<>();
    new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.larder")
            .stream()
            .filter(type -> type.isAssignableTo(LarderException.class))
            .filter(type -> !type.getModifiers().contains(JavaModifier.ABSTRACT))
            // Repeats, in a command, the code that a server said.
            .filter(type -> !type.getSimpleName().equals("ServerSaid"))
            .forEach(type -> codes.put(type.getName(), codes(type.getName())));
    return codes;
  }

  /** The texts in its constructors that are written like a code; messages have spaces. */
  private static Set<String> codes(String type) {
    String resource = "/" + type.replace('.', '/') + ".class";
    try (InputStream bytes = FailureCodes.class.getResourceAsStream(resource)) {
      return ClassFile.of().parse(bytes.readAllBytes()).methods().stream()
          .filter(method -> method.methodName().equalsString("<init>"))
          .flatMap(method -> method.code().stream())
          .flatMap(code -> code.elementList().stream())
          .filter(ConstantInstruction.class::isInstance)
          .map(element -> ((ConstantInstruction) element).constantValue())
          .filter(String.class::isInstance)
          .map(String.class::cast)
          .filter(CODE.asMatchPredicate())
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
