package io.atlaskv.bench.engine;

import java.util.List;

/// The engines that take part.
enum Engine {
  ATLASKV("atlaskv", AtlasKvStore.OPTIONS),
  ROCKSDB("rocksdb", RocksDbStore.OPTIONS, Flags.NATIVE_ACCESS),
  LMDB(
      "lmdb",
      LmdbStore.OPTIONS,
      Flags.NATIVE_ACCESS,
      "--add-opens=java.base/java.nio=ALL-UNNAMED",
      "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
      "--sun-misc-unsafe-memory-access=allow"),
  TUPL("tupl", TuplStore.OPTIONS),
  MVSTORE("mvstore", MvStoreStore.OPTIONS, "-Xmx1g"), // its pages and buffers are on the heap
  LEVELDB("leveldb", LevelDbStore.OPTIONS, Flags.NATIVE_ACCESS);

  private final String engineName;
  private final String options;
  private final String jvmFlags;

  Engine(String engineName, String options, String... jvmFlags) {
    this.engineName = engineName;
    this.options = options;
    this.jvmFlags = String.join(" ", jvmFlags);
  }

  static Engine named(String name) {
    for (var engine : values()) {
      if (engine.engineName.equals(name)) {
        return engine;
      }
    }
    throw new IllegalArgumentException("unknown engine " + name);
  }

  /// In arguments and tables.
  String engineName() {
    return engineName;
  }

  /// What the engine is opened with, beside [StoreSettings].
  String options() {
    return options;
  }

  /// Flags its JVM has to be started with.
  List<String> jvmFlags() {
    return jvmFlags.isEmpty() ? List.of() : List.of(jvmFlags.split(" ", -1));
  }

  BenchStore open(StoreSettings settings) {
    return switch (this) {
      case ATLASKV -> AtlasKvStore.open(settings);
      case ROCKSDB -> RocksDbStore.open(settings);
      case LMDB -> LmdbStore.open(settings);
      case TUPL -> TuplStore.open(settings);
      case MVSTORE -> MvStoreStore.open(settings);
      case LEVELDB -> LevelDbStore.open(settings);
    };
  }

  private static final class Flags {
    static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";
  }
}
