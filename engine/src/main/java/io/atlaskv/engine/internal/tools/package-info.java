/// Looks at the files of a store that nobody has open, and changes nothing in them.
///
/// Layer: uses the readers of `wal`, `sstable` and `manifest`, which know the formats; only the
/// root package may use it. Every file is read in pieces: memory does not grow with the store.
@NullMarked
package io.atlaskv.engine.internal.tools;

import org.jspecify.annotations.NullMarked;
