package io.atlaskv.bench.server;

import io.atlaskv.bench.load.LoadResult;

/// What the client saw of one run.
///
/// @param p50Millis and the other percentiles are the client's view of a whole pipeline
record Load(double opsPerSecond, double p50Millis, double p99Millis, double p999Millis) {
  static Load of(LoadResult result) {
    return new Load(
        result.opsPerSecond(),
        result.p50Micros() / 1e3,
        result.p99Micros() / 1e3,
        result.p999Micros() / 1e3);
  }
}
