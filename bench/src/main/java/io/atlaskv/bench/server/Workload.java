package io.atlaskv.bench.server;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// One kind of request, from so many clients, at one pipeline depth.
///
/// @param name of the row
/// @param request `GET` or `SET` for redis-benchmark; else what the load generator sends
/// @param driver who sends it, and when
/// @param clients connections
/// @param pipeline requests in flight per connection
/// @param requests per round
/// @param channel that one more client has subscribed to; empty for none
record Workload(
    String name,
    String request,
    Driver driver,
    int clients,
    int pipeline,
    int requests,
    String channel) {
  static final int CLIENTS = 50;

  enum Driver {
    /// redis-benchmark.
    REDIS_BENCHMARK,
    /// The load generator; each client sends as soon as it is answered.
    CLOSED_LOOP,
    /// The load generator, at half the rate that Redis reaches in a closed loop.
    HALF_LOAD
  }

  /// `GET` or `SET` from redis-benchmark.
  static Workload redisBenchmark(String command, int pipeline, int requests) {
    var name = command.toLowerCase(Locale.ROOT) + "-p" + pipeline;
    return new Workload(name, command, Driver.REDIS_BENCHMARK, CLIENTS, pipeline, requests, "");
  }

  /// A request of the load generator at one pipeline depth.
  static Workload closedLoop(
      String name, String request, String channel, int pipeline, int requests) {
    var row = name + "-p" + pipeline;
    return new Workload(row, request, Driver.CLOSED_LOOP, CLIENTS, pipeline, requests, channel);
  }

  static Workload manyClients(String name, String request, int clients, int requests) {
    return new Workload(
        name + "-" + clients + "-clients", request, Driver.CLOSED_LOOP, clients, 1, requests, "");
  }

  static Workload halfLoad(String name, String request, int requests) {
    return new Workload(name + "-half-load", request, Driver.HALF_LOAD, CLIENTS, 1, requests, "");
  }

  /// The same requests, sent to warm the server up.
  Workload warmUp(int newPipeline, int newRequests) {
    var warmUpDriver = driver == Driver.HALF_LOAD ? Driver.CLOSED_LOOP : driver;
    return new Workload(name, request, warmUpDriver, CLIENTS, newPipeline, newRequests, channel);
  }

  /// One example of each command in it that a server might not know; redis-benchmark makes up its
  /// own requests, of commands that every server has.
  List<List<String>> examples() {
    if (driver == Driver.REDIS_BENCHMARK) {
      return List.of();
    }
    var filled =
        request
            .replace("{key}", "000000000000")
            .replace("{value}", "x")
            .replaceAll("\\{(\\d+)-\\d+}", "$1");
    return Arrays.stream(filled.split(" ; ", -1)).map(one -> List.of(one.split(" ", -1))).toList();
  }
}
