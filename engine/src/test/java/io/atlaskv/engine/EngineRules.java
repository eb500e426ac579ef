package io.atlaskv.engine;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The architecture of the engine as rules over compiled classes.
///
/// Each rule takes the root package, so that [EngineRulesTest] can show on planted classes under
/// another root that it bites.
final class EngineRules {
  static final String ROOT = "io.atlaskv.engine";

  /// Package names below the root, lowest first: each may use only those before it. The root
  /// package itself comes above the last one.
  static final List<String> LAYERS =
      List.of(
          "api",
          "internal.base",
          "internal.iterator",
          "internal.io",
          "internal.cache",
          "internal.wal",
          "internal.memtable",
          "internal.sstable",
          "internal.manifest",
          "internal.compaction",
          "internal.events",
          "internal.typed",
          "internal.transaction",
          "internal.backup",
          "internal.db",
          "internal.embedded",
          "internal.tools");

  /// What reaches threads, time, files or chance: only the ports in `internal.io` may.
  private static final List<String> WORLD_TYPES =
      List.of(
          "java.io.File",
          "java.io.FileInputStream",
          "java.io.FileOutputStream",
          "java.io.RandomAccessFile",
          "java.nio.channels.AsynchronousFileChannel",
          "java.nio.channels.FileChannel",
          "java.nio.file.Files",
          "java.security.SecureRandom",
          "java.util.Random",
          "java.util.SplittableRandom",
          "java.util.Timer",
          "java.util.concurrent.BlockingQueue",
          "java.util.concurrent.CountDownLatch",
          "java.util.concurrent.CyclicBarrier",
          "java.util.concurrent.ExecutorService",
          "java.util.concurrent.Executors",
          "java.util.concurrent.ForkJoinPool",
          "java.util.concurrent.Phaser",
          "java.util.concurrent.Semaphore",
          "java.util.concurrent.ThreadLocalRandom",
          "java.util.concurrent.locks.Condition",
          "java.util.concurrent.locks.LockSupport",
          "java.util.random.RandomGenerator");

  private static final Set<String> COMPLETABLE_FUTURE_BLOCKS =
      Set.of("get", "join", "orTimeout", "completeOnTimeout", "delayedExecutor");

  private EngineRules() {}

  static ArchRule layers(String root) {
    var architecture =
        layeredArchitecture().consideringOnlyDependenciesInLayers().withOptionalLayers(true);
    for (String layer : LAYERS) {
      architecture = architecture.layer(layer).definedBy(root + "." + layer + "..");
    }
    architecture = architecture.layer("root").definedBy(root);
    for (int i = 0; i < LAYERS.size(); i++) {
      boolean isTop = i + 1 == LAYERS.size();
      String[] above =
          isTop
              ? new String[] {"root"}
              : LAYERS.subList(i + 1, LAYERS.size()).toArray(new String[LAYERS.size() - i]);
      above[above.length - 1] = "root";
      architecture = architecture.whereLayer(LAYERS.get(i)).mayOnlyBeAccessedByLayers(above);
    }
    return architecture.whereLayer("root").mayNotBeAccessedByAnyLayer();
  }

  static ArchRule everyPackageHasALayer(String root) {
    String[] known =
        Stream.concat(Stream.of(root), LAYERS.stream().map(layer -> root + "." + layer + ".."))
            .toArray(String[]::new);
    return classes().should().resideInAnyPackage(known).as("every package is in LAYERS");
  }

  /// DESIGN R1: nothing blocks and nothing but the ports knows threads, time, files or chance.
  static ArchRule onlyPortsTouchTheWorld(String root) {
    return noClasses()
        .that()
        .resideOutsideOfPackage(root + ".internal.io..")
        .should()
        .dependOnClassesThat(isWorldType())
        .orShould()
        .accessTargetWhere(touchesTheWorld())
        .as("only internal.io touches threads, time, files and chance");
  }

  /// No native code and nothing that makes the JVM warn or ask for a flag, in the ports either.
  /// `sun.misc.Unsafe` needs no rule: `javac` warns of each use, and a warning fails the build.
  static ArchRule nothingNative() {
    return noClasses()
        .should()
        .dependOnClassesThat(isNativeType())
        .orShould()
        .accessTargetWhere(isRestrictedMethod())
        .as("nothing native or restricted");
  }

  private static DescribedPredicate<JavaClass> isWorldType() {
    return describe("reach the world", type -> WORLD_TYPES.stream().anyMatch(type::isAssignableTo));
  }

  private static DescribedPredicate<JavaAccess<?>> touchesTheWorld() {
    return describe(
        "the target blocks, starts threads, or reads time or chance",
        access -> {
          JavaClass owner = access.getTargetOwner();
          String name = access.getTarget().getName();
          if (owner.isAssignableTo(Thread.class)) {
            return !name.equals("onSpinWait"); // a hint to the CPU; it neither waits nor yields
          }
          if (owner.isEquivalentTo(Object.class)) {
            return name.equals("wait");
          }
          if (owner.isEquivalentTo(System.class)) {
            return name.equals("nanoTime") || name.equals("currentTimeMillis");
          }
          if (owner.isEquivalentTo(CompletableFuture.class)) {
            return COMPLETABLE_FUTURE_BLOCKS.contains(name) || name.endsWith("Async");
          }
          if (owner.getPackageName().equals("java.time")) {
            return name.equals("now") || name.startsWith("system") || name.startsWith("tick");
          }
          return (owner.isEquivalentTo(TimeUnit.class) && name.equals("sleep"))
              || (owner.isEquivalentTo(Math.class) && name.equals("random"))
              || (owner.isEquivalentTo(UUID.class) && name.equals("randomUUID"));
        });
  }

  private static DescribedPredicate<JavaClass> isNativeType() {
    return describe(
        "are native",
        type -> type.isAssignableTo(Linker.class) || type.isAssignableTo(SymbolLookup.class));
  }

  private static DescribedPredicate<JavaAccess<?>> isRestrictedMethod() {
    return describe(
        "the target is restricted",
        access -> {
          JavaClass owner = access.getTargetOwner();
          String name = access.getTarget().getName();
          if (owner.isAssignableTo(MemorySegment.class)) {
            return name.equals("reinterpret");
          }
          if (owner.isEquivalentTo(System.class) || owner.isEquivalentTo(Runtime.class)) {
            return name.equals("load") || name.equals("loadLibrary");
          }
          return false;
        });
  }
}
