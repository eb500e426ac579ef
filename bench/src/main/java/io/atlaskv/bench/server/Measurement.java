package io.atlaskv.bench.server;

/// One round of one workload on one server.
///
/// @param load what the client saw
/// @param foregroundMicros CPU of the serving threads per operation
/// @param backgroundMicros CPU of all other threads and children per operation, until drained
record Measurement(Load load, double foregroundMicros, double backgroundMicros) {
  double opsPerSecond() {
    return load.opsPerSecond();
  }

  double cpuMicros() {
    return foregroundMicros + backgroundMicros;
  }
}
