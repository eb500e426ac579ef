package io.atlaskv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Each rule of [EngineRules] bites on the planted classes, and on nothing it should allow.
class EngineRulesTest {
  private static final String ROOT = "io.atlaskv.planted";
  private static final JavaClasses PLANTED =
      new ClassFileImporter().importPath(Path.of("target/test-classes/io/atlaskv/planted"));

  private static final List<String> WORLD =
      violations(EngineRules.onlyPortsTouchTheWorld(ROOT), PLANTED);
  private static final List<String> NATIVE = violations(EngineRules.nothingNative(), PLANTED);

  @Test
  void lowerLayerThatKnowsUpperLayerIsCaught() {
    assertThat(violations(EngineRules.layers(ROOT), PLANTED))
        .isNotEmpty()
        .allMatch(text -> text.contains("KnowsUpperLayer") && text.contains("Upper.answer"));
  }

  @Test
  void packageWithoutLayerIsCaught() {
    assertThat(violations(EngineRules.everyPackageHasALayer(ROOT), PLANTED))
        .singleElement()
        .asString()
        .contains("stray.HasNoLayer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "startsThread",
        "makesThread",
        "sleeps",
        "sleepsByUnit",
        "parks",
        "waitsOnMonitor",
        "waitsOnCondition",
        "waitsOnLatch",
        "waitsOnFuture",
        "usesCommonPool",
        "makesExecutor",
        "readsNanoTime",
        "readsWallClock",
        "refersToNanoTime",
        "readsInstant",
        "asksFiles",
        "opensChannel",
        "opensRandomAccessFile",
        "drawsRandom",
        "drawsThreadLocalRandom",
        "makesSplittableRandom",
        "drawsMathRandom",
        "drawsUuid"
      })
  void touchingTheWorldIsCaught(String method) {
    assertThat(WORLD).anyMatch(text -> text.contains("TouchesTheWorld." + method + "("));
  }

  @Test
  void worldRuleAllowsPortsLocksPathsAndFutures() {
    assertThat(WORLD).noneMatch(text -> text.contains("TouchesTheWorldRightly"));
    assertThat(WORLD).noneMatch(text -> text.contains("TouchesNothing"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"reinterprets", "links", "loadsLibrary"})
  void goingNativeIsCaught(String method) {
    assertThat(NATIVE).anyMatch(text -> text.contains("GoesNative." + method + "("));
  }

  @Test
  void nativeRuleCatchesNothingElse() {
    assertThat(NATIVE).allMatch(text -> text.contains("GoesNative"));
  }

  private static List<String> violations(ArchRule rule, JavaClasses classes) {
    return rule.evaluate(classes).getFailureReport().getDetails();
  }
}
