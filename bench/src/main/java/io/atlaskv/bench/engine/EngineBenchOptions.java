package io.atlaskv.bench.engine;

import io.atlaskv.bench.Numbers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What [EngineBench] runs.
///
/// @param engines the first one is measured against each of the others
/// @param rounds of each workload set and engine, interleaved
/// @param only part of the name of a workload: sets without such a one are left out
/// @param directory where the stores are made; empty for the system's temporary directory
/// @param report file to write
record EngineBenchOptions(
    List<Engine> engines,
    int rounds,
    DataShape shape,
    Optional<String> only,
    Optional<Path> directory,
    Optional<Path> report) {
  static final String USAGE =
      """
      usage: bench/engine-bench [--quick] [--only WORKLOAD] [--rounds N]
                                [--entries N] [--value-bytes N] [--engines atlaskv,rocksdb,...]
                                [--dir DIR] [--report FILE]
        --quick          one round with a tenth of the entries; writes no report
        --only WORKLOAD  the workload sets that have it; writes no report
        --engines        of atlaskv, rocksdb, lmdb, tupl, mvstore, leveldb; the first one is measured
                         against the others (default: all)\
      """;

  EngineBenchOptions {
    if (engines.isEmpty() || rounds < 1) {
      throw new IllegalArgumentException("engines=%s, rounds=%d".formatted(engines, rounds));
    }
    engines = List.copyOf(engines);
  }

  static EngineBenchOptions parse(String... arguments) {
    var engines = List.of(Engine.values());
    int rounds = 5;
    int entries = 1_000_000;
    int valueBytes = 100;
    Optional<String> only = Optional.empty();
    Optional<Path> directory = Optional.empty();
    Optional<Path> report = Optional.of(Path.of("docs/benchmarks/engine.md"));
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--quick" -> {
          rounds = 1;
          entries = 100_000;
          report = Optional.empty();
        }
        case "--only" -> {
          only = Optional.of(value(arguments, ++i));
          report = Optional.empty();
        }
        case "--rounds" -> rounds = number(arguments, ++i);
        case "--entries" -> entries = number(arguments, ++i);
        case "--value-bytes" -> valueBytes = number(arguments, ++i);
        case "--engines" ->
            engines =
                Arrays.stream(value(arguments, ++i).split(",", -1)).map(Engine::named).toList();
        case "--dir" -> directory = Optional.of(Path.of(value(arguments, ++i)));
        case "--report" -> report = Optional.of(Path.of(value(arguments, ++i)));
        default ->
            throw new IllegalArgumentException("unknown flag " + arguments[i] + "\n" + USAGE);
      }
    }
    return new EngineBenchOptions(
        engines, rounds, new DataShape(entries, valueBytes), only, directory, report);
  }

  boolean wants(WorkloadSet set) {
    return only.isEmpty()
        || set.workloads().stream().anyMatch(workload -> workload.contains(only.get()));
  }

  private static int number(String[] arguments, int index) {
    return Numbers.number(arguments[index - 1], value(arguments, index), 1, USAGE);
  }

  private static String value(String[] arguments, int index) {
    if (index == arguments.length) {
      throw new IllegalArgumentException(arguments[index - 1] + " has no value\n" + USAGE);
    }
    return arguments[index];
  }
}
