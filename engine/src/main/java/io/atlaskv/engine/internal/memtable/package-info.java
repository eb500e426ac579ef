/// The sorted in-memory map of internal keys that takes the newest writes.
///
/// Layer: uses `base`, `iterator` and `io`; must not know logs, tables or the manifest.
@NullMarked
package io.atlaskv.engine.internal.memtable;

import org.jspecify.annotations.NullMarked;
