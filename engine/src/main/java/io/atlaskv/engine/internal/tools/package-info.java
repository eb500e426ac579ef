/// Looks at the files of a store that nobody has open, and changes nothing in them, but for
/// `StoreRepair`, which writes new ones first.
///
/// Layer: uses the readers of `wal`, `sstable` and `manifest`, which know the formats, and of `db`
/// and `compaction` what makes tables; only the root package may use it. Files are read in pieces,
/// damaged tables one at a time: memory does not grow with the store.
@NullMarked
package io.atlaskv.engine.internal.tools;

import org.jspecify.annotations.NullMarked;
