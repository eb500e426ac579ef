/// The block cache: accounted in bytes, with pinned slots.
///
/// Layer: uses `base` and `io`; must not know the manifest, compaction or `db`.
@NullMarked
package io.atlaskv.engine.internal.cache;

import org.jspecify.annotations.NullMarked;
