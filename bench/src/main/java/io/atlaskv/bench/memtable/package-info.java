/// The experiment behind docs/adr/0002-memtable.md: the memtable and the candidates it was chosen
/// over, which live here only.
///
/// Layer: uses `bench` and the engine's `memtable`, `iterator` and `base`; nothing uses it.
@NullMarked
package io.atlaskv.bench.memtable;

import org.jspecify.annotations.NullMarked;
