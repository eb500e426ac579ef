/// The write-ahead log: record format, writer and reader of one log segment.
///
/// Layer: uses `base`, `iterator` and `io`; must not know memtables, tables or the manifest.
@NullMarked
package io.atlaskv.engine.internal.wal;

import org.jspecify.annotations.NullMarked;
