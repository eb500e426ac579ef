package io.atlaskv.bench.tuning;

import io.atlaskv.bench.Numbers;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What [TuningBenchmark] runs.
///
/// @param knobs names of those that are measured; all if there are none
/// @param directory where the stores are made; empty for the system's temporary directory
/// @param plots directory for the drawings
/// @param report file to write
record TuningOptions(
    List<String> knobs,
    int entries,
    int rounds,
    Optional<Path> directory,
    Optional<Path> plots,
    Optional<Path> report) {
  static final List<String> NAMES =
      List.of(
          "memtable",
          "block-cache",
          "durability",
          "compression",
          "tables",
          "row-checksums",
          "subcompactions");
  static final String USAGE =
      """
      usage: bench/tuning [--knobs NAME,...] [--entries N] [--rounds N] [--dir DIR]
                          [--plots DIR] [--report FILE]
        --knobs    of memtable, block-cache, durability, compression, tables, row-checksums,
                   subcompactions (default: all)
        --entries  of each store (default: 1000000)
        --rounds   that are counted, of all settings in turns (default: 3)
        --plots    directory for a drawing of each knob (default: none)
        --report   file to write (default: none)\
      """;

  private static final int ENTRIES_MIN = 20_000;

  TuningOptions {
    knobs = List.copyOf(knobs);
    for (String knob : knobs) {
      if (!NAMES.contains(knob)) {
        throw new IllegalArgumentException("unknown knob " + knob + "\n" + USAGE);
      }
    }
    if (entries < ENTRIES_MIN || rounds < 1) {
      throw new IllegalArgumentException(
          "entries=%d (at least %d), rounds=%d (at least 1)"
              .formatted(entries, ENTRIES_MIN, rounds));
    }
  }

  static TuningOptions parse(String... arguments) {
    List<String> knobs = List.of();
    int entries = 1_000_000;
    int rounds = 3;
    Optional<Path> directory = Optional.empty();
    Optional<Path> plots = Optional.empty();
    Optional<Path> report = Optional.empty();
    for (int i = 0; i < arguments.length; i += 2) {
      if (i + 1 == arguments.length) {
        throw new IllegalArgumentException(arguments[i] + " has no value\n" + USAGE);
      }
      String value = arguments[i + 1];
      switch (arguments[i]) {
        case "--knobs" -> knobs = List.of(value.split(",", -1));
        case "--entries" -> entries = Numbers.number(arguments[i], value, 1, USAGE);
        case "--rounds" -> rounds = Numbers.number(arguments[i], value, 1, USAGE);
        case "--dir" -> directory = Optional.of(Path.of(value));
        case "--plots" -> plots = Optional.of(Path.of(value));
        case "--report" -> report = Optional.of(Path.of(value));
        default ->
            throw new IllegalArgumentException("unknown flag " + arguments[i] + "\n" + USAGE);
      }
    }
    return new TuningOptions(knobs, entries, rounds, directory, plots, report);
  }

  boolean wants(String knob) {
    return knobs.isEmpty() || knobs.contains(knob);
  }
}
