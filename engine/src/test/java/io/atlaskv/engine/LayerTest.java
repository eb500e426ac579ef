package io.atlaskv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.atlaskv.testkit.PackageDocs;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The engine as compiled obeys [EngineRules].
class LayerTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter().importPath(Path.of("target/classes"));

  @Test
  void lowerLayersDoNotKnowUpperLayers() {
    check(EngineRules.layers(EngineRules.ROOT));
  }

  @Test
  void everyPackageHasALayer() {
    check(EngineRules.everyPackageHasALayer(EngineRules.ROOT));
  }

  @Test
  void onlyPortsTouchTheWorld() {
    check(EngineRules.onlyPortsTouchTheWorld(EngineRules.ROOT));
  }

  @Test
  void nothingNative() {
    check(EngineRules.nothingNative());
  }

  @Test
  void everyPackageHasDutyLayerAndNullMarked() {
    assertThat(PackageDocs.violations(Path.of("src/main/java"))).isEmpty();
  }

  private static void check(ArchRule rule) {
    assertThat(CLASSES).as("compiled classes in target/classes").isNotEmpty();
    rule.check(CLASSES);
  }
}
