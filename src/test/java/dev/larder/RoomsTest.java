package dev.larder;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.larder.content.Disk;
import dev.larder.content.WritableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The walls between the rooms, as {@code docs/rooms.md} draws them, against the class files. */
class RoomsTest {
  private static final Path SOURCES = Path.of("src", "main", "java", "dev", "larder");
  private static final String BASE = "dev.larder.";

  /** Up to this many public types a room is not asked to hide half of its own. */
  private static final int SMALL = 8;

  /** Rooms that show more than half of their types, each with the reason. */
  private static final Map<String, String> MOSTLY_PUBLIC =
      Map.of(
          "content", "values that every other room speaks",
          "resident",
              "what any program embeds, and the port of engines that are packages of their own",
          "mirror", "its answers are sealed values that the protocols switch over",
          "upkeep", "reports, as values that the command line and the API print",
          "upstream", "the parts that its adapters, packages of their own, are made of");

  private static final int LONGEST = 400;

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.larder");
  private static final RoomsPage PAGE = RoomsPage.read(Path.of("docs", "rooms.md"));

  @Test
  void rooms_ofThePage_areThoseOfTheCode() {
    assertThat(PAGE.rooms()).as("rows of docs/rooms.md against packages").isEqualTo(packages());
  }

  @Test
  void arrows_ofTheCode_areThoseOfThePage() {
    Map<String, Set<String>> reasons = usedArrows();
    Set<String> used = reasons.keySet();
    Set<String> listed = PAGE.arrows();

    List<String> faults = new ArrayList<>();
    used.stream()
        .filter(arrow -> !listed.contains(arrow))
        .forEach(
            arrow -> faults.add("not in docs/rooms.md: " + arrow + " by " + reasons.get(arrow)));
    listed.stream()
        .filter(arrow -> !used.contains(arrow))
        .forEach(arrow -> faults.add("in docs/rooms.md, used by no class: " + arrow));
    assertThat(faults).isEmpty();
  }

  @Test
  void arrows_followed_neverComeBack() {
    assertThat(RoomsPage.cycle(PAGE.arrows())).as("cycle in docs/rooms.md").isEmpty();
    assertThat(RoomsPage.cycle(usedArrows().keySet())).as("cycle in the code").isEmpty();
  }

  @Test
  void vertxAndNetty_outsideTheDoor_areNotUsed() {
    onlyIn("io.vertx and io.netty belong to the door", Set.of("http"), "io.vertx..", "io.netty..");
  }

  @Test
  void sql_outsideTheCatalog_isNotUsed() {
    onlyIn(
        "SQL belongs to the catalog",
        Set.of("catalog"),
        "org.jdbi..",
        "java.sql..",
        "javax.sql..",
        "org.flywaydb..",
        "org.sqlite..");
  }

  @Test
  void picocli_outsideTheCommandLine_isNotUsed() {
    onlyIn("picocli belongs to the command line", Set.of("cli"), "picocli..");
  }

  @Test
  void loggingOfTheJdk_anywhere_isNotUsed() {
    onlyIn("logs go through slf4j", Set.of(), "java.util.logging..");
  }

  @Test
  void filesChanged_outsideTheDisk_areNone() {
    String changes =
        "move|copy|delete|deleteIfExists|write|writeString|createLink|createSymbolicLink|createFile"
            + "|createDirectory|createDirectories|createTempFile|createTempDirectory|newOutputStream"
            + "|setPosixFilePermissions|setLastModifiedTime|setAttribute";
    noClasses()
        .that(
            not(assignableTo(Disk.class))
                .and(not(assignableTo(WritableFile.class)))
                .and(not(inRooms("catalog", "demo", "cli")))
                .and(not(simpleName("Natives"))))
        .should()
        .callMethodWhere(call("java.nio.file.Files", changes))
        .because(
            "all but the database's own file and unpacked libraries change through Disk, where"
                + " crash tests see it")
        .check(CLASSES);
  }

  @Test
  void clock_outsideMain_isNotRead() {
    noClasses()
        .that(not(simpleName("Main")))
        .should()
        .callMethodWhere(call("java.lang.System", "currentTimeMillis"))
        .orShould()
        .callMethodWhere(
            call("java.time.*\\.(Instant|LocalDate|LocalDateTime|ZonedDateTime)", "now"))
        .orShould()
        .callMethodWhere(call("java.time.(InstantSource|Clock)", "system.*"))
        .because("time comes from an InstantSource that a test can hold still")
        .check(CLASSES);
  }

  @Test
  void threads_sleepingOrMadeByHand_areNone() {
    noClasses()
        .should()
        .callMethodWhere(call("java.lang.Thread", "sleep"))
        .orShould()
        .callConstructor(Thread.class, Runnable.class)
        .orShould()
        .callConstructor(Thread.class, Runnable.class, String.class)
        .because("waits end by a signal, and threads are named by their builder")
        .check(CLASSES);
  }

  @Test
  void output_outsideTheCommandLine_isNotWritten() {
    ArchRule streams =
        noClasses()
            .that(not(inRooms("cli", "demo", "app")))
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .because("stdout carries data of the command line only");
    streams.check(CLASSES);
    noClasses()
        .that(not(inRooms("cli")))
        .should()
        .callMethodWhere(call(".*", "printStackTrace"))
        .because("a failure is logged, not printed")
        .check(CLASSES);
  }

  @Test
  void packageInfo_ofEachRoom_saysItsPromise() throws IOException {
    List<String> faults = new ArrayList<>();
    for (String room : packages()) {
      Path info = SOURCES.resolve(room.replace('.', '/')).resolve("package-info.java");
      String text = Files.exists(info) ? Files.readString(info) : "";
      if (!text.contains("@NullMarked") || !text.contains("Promise")) {
        faults.add(room);
      }
    }
    assertThat(faults).as("rooms without @NullMarked and a Promise in package-info").isEmpty();
  }

  @Test
  void publicTypes_ofEachRoom_areAtMostHalf() {
    Map<String, List<JavaClass>> types =
        CLASSES.stream()
            .filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
            .collect(Collectors.groupingBy(RoomsTest::roomOf));

    List<String> faults = new ArrayList<>();
    types.forEach(
        (room, all) -> {
          long open = all.stream().filter(RoomsTest::isPublic).count();
          if (open > SMALL && open * 2 > all.size() && !MOSTLY_PUBLIC.containsKey(room)) {
            faults.add("%s shows %d of %d types".formatted(room, open, all.size()));
          }
        });
    assertThat(faults).isEmpty();
  }

  @Test
  void sourceFiles_anywhere_areShort() throws IOException {
    List<String> faults = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        long lines = Files.readString(file).lines().count();
        boolean test = file.startsWith(Path.of("src", "test"));
        if (lines > (test ? 600 : LONGEST)) {
          faults.add(file + " has " + lines + " lines");
        }
      }
    }
    assertThat(faults).isEmpty();
  }

  private static void onlyIn(String reason, Set<String> rooms, String... packages) {
    noClasses()
        .that(not(inRooms(rooms.toArray(String[]::new))))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages)
        .because(reason)
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  private static DescribedPredicate<JavaAccess<?>> call(String owner, String name) {
    return describe(
        owner + "." + name,
        access ->
            access.getTargetOwner().getName().matches(owner)
                && access.getTarget().getName().matches(name));
  }

  private static DescribedPredicate<JavaClass> inRooms(String... rooms) {
    return describe("in " + List.of(rooms), type -> List.of(rooms).contains(roomOf(type)));
  }

  private static boolean isPublic(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC);
  }

  /** Arrows {@code from -> to} that the class files show, each with the classes that draw it. */
  private static Map<String, Set<String>> usedArrows() {
    Map<String, Set<String>> arrows = new TreeMap<>();
    for (JavaClass type : CLASSES) {
      type.getDirectDependenciesFromSelf().stream()
          .map(dependency -> dependency.getTargetClass().getBaseComponentType())
          .filter(target -> target.getName().startsWith(BASE))
          .map(RoomsTest::roomOf)
          .filter(room -> !room.equals(roomOf(type)) && !room.equals("content"))
          .forEach(
              room ->
                  arrows
                      .computeIfAbsent(roomOf(type) + " -> " + room, _ -> new TreeSet<>())
                      .add(type.getSimpleName()));
    }
    return arrows;
  }

  private static Set<String> packages() {
    return CLASSES.stream().map(RoomsTest::roomOf).collect(Collectors.toCollection(TreeSet::new));
  }

  private static String roomOf(JavaClass type) {
    return type.getPackageName().substring(BASE.length());
  }
}
