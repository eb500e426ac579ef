/// The store itself: write path, group commit, flush, recovery and checkpoints.
///
/// Layer: ties all other packages together; only the root package may use it.
@NullMarked
package io.atlaskv.engine.internal.db;

import org.jspecify.annotations.NullMarked;
