/// Table merges: pickers, pure functions of a version, and the job that runs a pick.
///
/// Layer: uses everything below; must not know `db`.
@NullMarked
package io.atlaskv.engine.internal.compaction;

import org.jspecify.annotations.NullMarked;
