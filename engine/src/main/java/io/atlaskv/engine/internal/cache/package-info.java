/// The block cache: accounted in bytes, with pinned slots.
///
/// Layer: uses `base`, `iterator` and `io`; must not know tables, the manifest, compaction or `db`.
@NullMarked
package io.atlaskv.engine.internal.cache;

import org.jspecify.annotations.NullMarked;
