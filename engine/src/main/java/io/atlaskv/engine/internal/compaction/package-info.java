/// Flushes and table merges: pickers, pure functions of the levels, and the jobs that run a pick.
///
/// Layer: uses everything below; must not know `db`.
///
/// Start at `CompactionPicker`, which chooses, and `CompactionJob`, which does; `VersionFilter` is
/// what decides that an entry may go. Jobs change no state: they write files nobody knows and end
/// with a `VersionEdit`.
@NullMarked
package io.atlaskv.engine.internal.compaction;

import org.jspecify.annotations.NullMarked;
