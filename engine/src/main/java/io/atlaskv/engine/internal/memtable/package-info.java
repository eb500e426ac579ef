/// The newest writes in native memory: every version that a live snapshot sees, found by hash, and
/// in order once somebody asks for it. Start at `Memtable`.
///
/// Layer: uses `base`, `iterator` and `io`; must not know logs, tables or the manifest.
///
/// Three structures share the chunks of a `ChunkPool`: the `EntryLog` has keys and versions
/// (`EntryDescriptor`), the `HashIndex` finds a key, the `PackedTree` orders the keys
/// (`TreeNodeDescriptor`). The tree costs time with every new key and is made only on demand, by an
/// `OrderTask`: docs/adr/0002-memtable.md has the figures and what was rejected.
@NullMarked
package io.atlaskv.engine.internal.memtable;

import org.jspecify.annotations.NullMarked;
