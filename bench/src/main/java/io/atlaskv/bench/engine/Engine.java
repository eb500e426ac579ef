package io.atlaskv.bench.engine;

/// The engines that take part.
enum Engine {
  ATLASKV("atlaskv", AtlasKvStore.OPTIONS),
  ROCKSDB("rocksdb", RocksDbStore.OPTIONS);

  private final String engineName;
  private final String options;

  Engine(String engineName, String options) {
    this.engineName = engineName;
    this.options = options;
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

  BenchStore open(StoreSettings settings) {
    return switch (this) {
      case ATLASKV -> AtlasKvStore.open(settings);
      case ROCKSDB -> RocksDbStore.open(settings);
    };
  }
}
