/// Backups: directories that are stores, in a repository, each sharing with the one before what has
/// not changed; and stores made of them.
///
/// Layer: uses `base`, `io`, `wal` and `manifest`; must not know `db`, which says what the moment
/// of a backup is.
@NullMarked
package io.atlaskv.engine.internal.backup;

import org.jspecify.annotations.NullMarked;
