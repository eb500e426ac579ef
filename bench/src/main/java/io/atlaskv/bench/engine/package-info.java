/// The engine benchmark: embedded stores side by side, each workload set in a JVM of its own.
///
/// Layer: stores are known by [io.atlaskv.bench.engine.BenchStore] only; one adapter class each.
@NullMarked
package io.atlaskv.bench.engine;

import org.jspecify.annotations.NullMarked;
