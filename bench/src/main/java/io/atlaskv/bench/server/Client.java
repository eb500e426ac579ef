package io.atlaskv.bench.server;

import io.atlaskv.bench.load.LoadPlan;
import io.atlaskv.bench.load.LoadProcess;

/// The client's side of all rows: redis-benchmark or the load generator, on a core of its own.
///
/// @param keys that requests draw from
record Client(int keys, int core, LoadProcess generator) implements AutoCloseable {
  static final int VALUE_BYTES = 100;

  static Client start(int keys, int core) {
    return new Client(keys, core, LoadProcess.start(core));
  }

  /// One run.
  ///
  /// @param ratePerSecond of workloads at half load
  Load run(Workload workload, int port, double ratePerSecond) {
    return switch (workload.driver()) {
      case REDIS_BENCHMARK -> RedisBenchmark.run(workload, keys, core, port, workload.requests());
      case CLOSED_LOOP -> Load.of(generator.run(plan(workload, port)));
      case HALF_LOAD -> Load.of(generator.run(plan(workload, port).withRate(ratePerSecond)));
    };
  }

  LoadPlan plan(Workload workload, int port) {
    return LoadPlan.of(port, workload.request())
        .withClients(workload.clients())
        .withPipeline(workload.pipeline())
        .withRequests(workload.requests())
        .withKeys(keys)
        .withChannel(workload.channel())
        .withSeed(System.nanoTime()); // else every round would write the same keys
  }

  @Override
  public void close() {
    generator.close();
  }
}
