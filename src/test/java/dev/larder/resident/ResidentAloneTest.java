package dev.larder.resident;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** That any program can embed it: it needs nothing but the JDK. */
class ResidentAloneTest {
  @Test
  void classes_ofTheRoom_needTheJdkAlone() {
    classes()
        .that()
        .resideInAPackage("dev.larder.resident")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "org.jspecify.annotations..", "dev.larder.resident")
        .check(
            new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.larder.resident"));
  }
}
