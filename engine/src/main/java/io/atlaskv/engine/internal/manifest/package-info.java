/// Which tables are live: version edits, versions, the version set and the file `CURRENT`.
///
/// Layer: uses `base`, `iterator`, `io`, `sstable` and `cache`; must not know compaction or `db`.
@NullMarked
package io.atlaskv.engine.internal.manifest;

import org.jspecify.annotations.NullMarked;
