/// The server benchmark: AtlasKV and redis-server side by side, driven by redis-benchmark.
///
/// Layer: uses `bench` and `testkit.process`; knows both servers by command line and wire only.
@NullMarked
package io.atlaskv.bench.server;

import org.jspecify.annotations.NullMarked;
