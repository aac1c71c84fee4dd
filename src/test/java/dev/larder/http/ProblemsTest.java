package dev.larder.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.larder.content.InvalidName;
import dev.larder.content.LarderException;
import dev.larder.mirror.MirrorException;
import dev.larder.store.StoreException;
import dev.larder.transfer.TransferException;
import dev.larder.upstream.UpstreamException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.instruction.ConstantInstruction;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ProblemsTest {
  private static final Set<String> COMMANDS =
      Set.of("dev.larder.settings", "dev.larder.cli", "dev.larder.demo");

  @Test
  void status_everyFailureOnTheClassPath_hasARow() {
    Set<String> codes = new TreeSet<>();
    new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.larder")
            .stream()
            .filter(type -> type.isAssignableTo(LarderException.class))
            .filter(type -> !type.getModifiers().contains(JavaModifier.ABSTRACT))
            // No request meets what a command alone can do wrong.
            .filter(type -> !COMMANDS.contains(type.getPackageName()))
            // Repeats, in a command, the code that a server said.
            .filter(type -> !type.getSimpleName().equals("ServerSaid"))
            .forEach(type -> codes.addAll(codes(type)));

    assertThat(codes).isNotEmpty().isSubsetOf(Problems.codes());
    assertThat(Problems.codes()).as("rows that nobody needs").isSubsetOf(codes);
  }

  /** What {@code code()} can return: the texts in its byte code, or in that of a class above. */
  private static Set<String> codes(JavaClass type) {
    JavaClass at = type;
    while (true) {
      Set<String> texts = textsOfCode(at);
      if (!texts.isEmpty()) {
        return texts;
      }
      at = at.getRawSuperclass().orElseThrow(() -> new AssertionError(type + " has no code()"));
    }
  }

  private static Set<String> textsOfCode(JavaClass type) {
    String resource = "/" + type.getName().replace('.', '/') + ".class";
    try (InputStream bytes = ProblemsTest.class.getResourceAsStream(resource)) {
      return ClassFile.of().parse(bytes.readAllBytes()).methods().stream()
          .filter(method -> method.methodName().equalsString("code"))
          .flatMap(method -> method.code().stream())
          .flatMap(code -> code.elementList().stream())
          .filter(ConstantInstruction.class::isInstance)
          .map(element -> ((ConstantInstruction) element).constantValue())
          .filter(String.class::isInstance)
          .map(String.class::cast)
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void status_kinds_areWhatClientsExpect() {
    assertThat(
            List.of(
                Problems.status(new InvalidName("x", "y", "z")),
                Problems.status(new StoreException.StoreFull("x", 1, 1, "y")),
                Problems.status(new StoreException.StoreIo("x", null)),
                Problems.status(new UpstreamException.UpstreamUnreachable("x", false, null)),
                Problems.status(new UpstreamException.UpstreamUnreachable("x", true, null)),
                Problems.status(new UpstreamException.UpstreamBusy("x", 429, Duration.ofHours(1))),
                Problems.status(new TransferException.ContentMismatch("x", null)),
                Problems.status(new TransferException.CoolingDown("x", Duration.ofSeconds(1))),
                Problems.status(new MirrorException.OfflineMiss("x"))))
        .containsExactly(400, 507, 500, 502, 504, 503, 502, 503, 504);
  }

  @Test
  void retryAfter_isWholeSecondsAndShort() {
    assertThat(
            Problems.retryAfter(new UpstreamException.UpstreamBusy("x", 429, Duration.ofHours(1))))
        .contains("5");
    assertThat(Problems.retryAfter(new TransferException.CoolingDown("x", Duration.ofMillis(1200))))
        .contains("2");
    assertThat(Problems.retryAfter(new InvalidName("x", "y", "z"))).isEmpty();
  }
}
