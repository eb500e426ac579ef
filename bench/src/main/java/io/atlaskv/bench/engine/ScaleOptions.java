package io.atlaskv.bench.engine;

import io.atlaskv.bench.Numbers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What [ScaleBench] runs.
///
/// @param sizes how many entries the stores have, in the order of the columns
/// @param directory where the stores are made; empty for the system's temporary directory
/// @param report file to write
record ScaleOptions(
    List<Engine> engines,
    List<Integer> sizes,
    int valueBytes,
    int memtableMib,
    int cacheMib,
    Optional<Path> directory,
    Optional<Path> report) {
  static final String USAGE =
      """
      usage: bench/scale [--entries N,...] [--engines atlaskv,rocksdb,...] [--value-bytes N]
                         [--memtable-mib N] [--cache-mib N] [--dir DIR] [--report FILE]
        --entries       sizes of the stores (default: 1000000,10000000,50000000)
        --engines       as in bench/engine-bench (default: atlaskv,rocksdb)
        --memtable-mib  write buffer of each engine (default: 64)
        --cache-mib     block cache of each engine (default: 256)
        --report        file to write (default: none)\
      """;

  ScaleOptions {
    if (engines.isEmpty() || sizes.isEmpty() || memtableMib < 1 || cacheMib < 1) {
      throw new IllegalArgumentException(
          "engines=%s, entries=%s, memtable-mib=%d, cache-mib=%d"
              .formatted(engines, sizes, memtableMib, cacheMib));
    }
    engines = List.copyOf(engines);
    sizes = List.copyOf(sizes);
    for (int size : sizes) {
      new DataShape(size, valueBytes); // refuses what no store can be made of
    }
  }

  static ScaleOptions parse(String... arguments) {
    var engines = List.of(Engine.ATLASKV, Engine.ROCKSDB);
    var sizes = List.of(1_000_000, 10_000_000, 50_000_000);
    int valueBytes = 100;
    int memtableMib = 64;
    int cacheMib = 256;
    Optional<Path> directory = Optional.empty();
    Optional<Path> report = Optional.empty();
    for (int i = 0; i < arguments.length; i += 2) {
      if (i + 1 == arguments.length) {
        throw new IllegalArgumentException(arguments[i] + " has no value\n" + USAGE);
      }
      var words = Arrays.stream(arguments[i + 1].split(",", -1));
      switch (arguments[i]) {
        case "--engines" -> engines = words.map(Engine::named).toList();
        case "--entries" -> sizes = words.map(word -> number("--entries", word)).toList();
        case "--value-bytes" -> valueBytes = number(arguments[i], arguments[i + 1]);
        case "--memtable-mib" -> memtableMib = number(arguments[i], arguments[i + 1]);
        case "--cache-mib" -> cacheMib = number(arguments[i], arguments[i + 1]);
        case "--dir" -> directory = Optional.of(Path.of(arguments[i + 1]));
        case "--report" -> report = Optional.of(Path.of(arguments[i + 1]));
        default ->
            throw new IllegalArgumentException("unknown flag " + arguments[i] + "\n" + USAGE);
      }
    }
    return new ScaleOptions(engines, sizes, valueBytes, memtableMib, cacheMib, directory, report);
  }

  private static int number(String flag, String text) {
    return Numbers.number(flag, text, 1, USAGE);
  }

  DataShape shape(int size) {
    return new DataShape(size, valueBytes);
  }

  StoreSettings settings(Path home) {
    return new StoreSettings(home, (long) memtableMib << 20, (long) cacheMib << 20);
  }
}
