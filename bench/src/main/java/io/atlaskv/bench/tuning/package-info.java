/// What the options of the store cost: each [io.atlaskv.bench.tuning.Knob] at several settings, all
/// else alike, as tables and drawings for the docs.
///
/// Layer: uses `bench.engine` for data and measuring, `bench.plot`, and the engine's API; nothing
/// uses it.
@NullMarked
package io.atlaskv.bench.tuning;

import org.jspecify.annotations.NullMarked;
