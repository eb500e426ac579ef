package io.atlaskv.bench.server;

import io.atlaskv.bench.Numbers;
import io.atlaskv.testkit.process.ServerCommand;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What [ServerBench] runs.
///
/// @param atlasKv command line without durability
/// @param redis command line without durability
/// @param rounds of each workload and server, interleaved
/// @param keys in the store
/// @param effort per cent of the full number of requests
/// @param rows parts of rows' names (`os/set-p16`): other rows are left out; empty for all
/// @param isSelfTest whether Redis takes AtlasKV's place too: shows the noise of the machine
/// @param report file to write
record ServerBenchOptions(
    ServerCommand atlasKv,
    ServerCommand redis,
    int rounds,
    int keys,
    int effort,
    List<String> rows,
    boolean isSelfTest,
    Optional<Path> report) {
  static final int CLIENT_CORE = 1;

  static final String USAGE =
      """
      usage: bench/server-bench [--quick] [--rows NAME,...] [--rounds N] [--keys N] [--self-test]
                                [--atlaskv COMMAND] [--redis COMMAND] [--report FILE]
        --quick      2 rounds of a tenth of the requests on a tenth of the keys; writes no report
        --rows NAME,...  rows whose name contains one of these, such as get-p16, os/set, start,
                     commands/ (INCR to EXEC), clients, half-load or expire; writes no report
        --self-test  redis-server against itself: how far from 1 a ratio is by chance; writes no report\
      """;

  private static final String ATLASKV = "./atlaskv server --port {port} --dir {dir}";
  private static final String REDIS =
      "redis-server --port {port} --dir {dir} --bind 127.0.0.1 --save \"\" --appendonly yes";

  ServerBenchOptions {
    rows = List.copyOf(rows);
  }

  static ServerBenchOptions parse(String... arguments) {
    var atlasKv = ServerCommand.of(ATLASKV);
    var redis = ServerCommand.of(REDIS);
    int rounds = 5;
    int keys = 1_000_000;
    int effort = 100;
    List<String> rows = List.of();
    boolean isSelfTest = false;
    Optional<Path> report = Optional.of(Path.of("docs/benchmarks/server.md"));
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--quick" -> {
          rounds = 2;
          keys = 100_000;
          effort = 10;
          report = Optional.empty();
        }
        case "--self-test" -> {
          isSelfTest = true;
          report = Optional.empty();
        }
        case "--rows" -> {
          rows = List.of(value(arguments, ++i).split(",", -1));
          report = Optional.empty();
        }
        case "--rounds" -> rounds = number(arguments, ++i);
        case "--keys" -> keys = number(arguments, ++i);
        case "--atlaskv" -> atlasKv = ServerCommand.of(value(arguments, ++i));
        case "--redis" -> redis = ServerCommand.of(value(arguments, ++i));
        case "--report" -> report = Optional.of(Path.of(value(arguments, ++i)));
        default ->
            throw new IllegalArgumentException("unknown flag " + arguments[i] + "\n" + USAGE);
      }
    }
    return new ServerBenchOptions(atlasKv, redis, rounds, keys, effort, rows, isSelfTest, report);
  }

  boolean wants(String row) {
    return rows.isEmpty() || rows.stream().anyMatch(row::contains);
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
