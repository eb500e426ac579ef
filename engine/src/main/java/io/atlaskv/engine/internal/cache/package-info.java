/// The block cache: decoded blocks in native memory, accounted in bytes, with pinned slots; the row
/// cache, which keeps single rows in the same way; and the context through which all table reads
/// go.
///
/// Layer: uses `base`, `iterator` and `io`; must not know tables, the manifest, compaction or `db`.
@NullMarked
package io.atlaskv.engine.internal.cache;

import org.jspecify.annotations.NullMarked;
