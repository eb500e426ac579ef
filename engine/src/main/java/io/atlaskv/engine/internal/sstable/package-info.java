/// Immutable sorted tables: one writer, many readers.
///
/// Layer: uses `base`, `iterator` and `io`; must not know logs, the manifest, compaction or `db`.
@NullMarked
package io.atlaskv.engine.internal.sstable;

import org.jspecify.annotations.NullMarked;
