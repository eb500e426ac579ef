/// The experiment behind docs/adr/0003-log-segments.md: what ways to write and to sync a log cost.
///
/// Layer: uses `bench` and the engine's `wal`, `io` and `base`; nothing uses it.
@NullMarked
package io.atlaskv.bench.log;

import org.jspecify.annotations.NullMarked;
