package io.atlaskv.bench.server;

import java.util.ArrayList;
import java.util.List;

/// Commands beyond GET and SET, many clients, and half load.
///
/// Requests per round are such that a round takes two to three seconds on two cores.
final class CommandWorkloads {
  private static final String CHANNEL = "news";
  private static final String TRANSACTION =
      "MULTI ; SET key:{key} {value} ; INCR counter:{key} ; GET key:{key} ; EXEC";
  private static final int GET_AND_SET_WARM_UP = 1_500_000;

  private CommandWorkloads() {}

  static List<Workload> all(ServerBenchOptions options) {
    var workloads = new ArrayList<Workload>();
    add(workloads, options, "incr", "INCR counter:{key}", 200_000, 1_000_000);
    add(workloads, options, "mset-10", "MSET" + " key:{key} {value}".repeat(10), 100_000, 200_000);
    add(workloads, options, "append", "APPEND list:{key} 0123456789", 200_000, 1_000_000);
    add(workloads, options, "setbit", "SETBIT key:{key} {100-799} 1", 200_000, 1_000_000);
    add(workloads, options, "publish", "PUBLISH " + CHANNEL + " {value}", 200_000, 800_000);
    add(workloads, options, "exec-3", TRANSACTION, 80_000, 300_000);
    for (int clients : List.of(500, 5000)) {
      workloads.add(manyClients(options, "get", "GET key:{key}", clients));
      workloads.add(manyClients(options, "set", "SET key:{key} {value}", clients));
    }
    int requests = scaled(options, 150_000);
    workloads.add(Workload.halfLoad("get", "GET key:{key}", requests));
    workloads.add(Workload.halfLoad("set", "SET key:{key} {value}", requests));
    return workloads;
  }

  /// Before a row, so that the JVM has compiled what the row runs.
  static int warmUpRequests(Workload workload, ServerBenchOptions options) {
    return workload.driver() == Workload.Driver.REDIS_BENCHMARK
        ? scaled(options, GET_AND_SET_WARM_UP)
        : 2 * workload.requests();
  }

  private static Workload manyClients(
      ServerBenchOptions options, String name, String request, int clients) {
    return Workload.manyClients(name, request, clients, scaled(options, 300_000));
  }

  private static void add(
      List<Workload> workloads,
      ServerBenchOptions options,
      String name,
      String request,
      int single,
      int sixteen) {
    var channel = request.startsWith("PUBLISH") ? CHANNEL : "";
    workloads.add(Workload.closedLoop(name, request, channel, 1, scaled(options, single)));
    workloads.add(Workload.closedLoop(name, request, channel, 16, scaled(options, sixteen)));
  }

  private static int scaled(ServerBenchOptions options, int requests) {
    return requests / 100 * options.effort();
  }
}
