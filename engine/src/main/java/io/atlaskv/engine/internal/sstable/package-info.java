/// Immutable sorted tables: one writer, many readers.
///
/// Layer: uses `base`, `iterator`, `io` and `cache`; must not know the manifest, compaction or
/// `db`.
@NullMarked
package io.atlaskv.engine.internal.sstable;

import org.jspecify.annotations.NullMarked;
