/// The engine itself: write path, group commit, flush, background merges, recovery and checkpoints.
///
/// Layer: ties the packages below together; must not know `embedded`. It has two doors, which both
/// have an [Engine] from [EngineOpener]: `embedded` for programs, which wait, and the Redis layer
/// for event loops, which never do.
@NullMarked
package io.atlaskv.engine.internal.db;

import org.jspecify.annotations.NullMarked;
