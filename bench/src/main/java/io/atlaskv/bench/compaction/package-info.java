/// What compaction styles cost, without a store.
///
/// Layer: uses `bench` and the engine's planners; nothing uses it.
@NullMarked
package io.atlaskv.bench.compaction;

import org.jspecify.annotations.NullMarked;
