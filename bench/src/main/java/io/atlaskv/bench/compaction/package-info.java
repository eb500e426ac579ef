/// What compaction styles cost, without a store: on made-up workloads and on recordings of real
/// ones.
///
/// File format of recordings: `RecordingFile`.
///
/// Layer: uses `bench`, the engine and its planners, and the examples; nothing uses it.
@NullMarked
package io.atlaskv.bench.compaction;

import org.jspecify.annotations.NullMarked;
