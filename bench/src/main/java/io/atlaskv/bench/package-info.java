/// Benchmarks: one class asks one question; the load driver for whole servers.
///
/// Layer: may use everything; nothing uses it.
@NullMarked
package io.atlaskv.bench;

import org.jspecify.annotations.NullMarked;
