/// Cursors over internal keys: the contract, and merging, snapshot-visible and range-bounded ones.
///
/// Layer: uses `base`; must not know where the entries come from.
@NullMarked
package io.atlaskv.engine.internal.iterator;

import org.jspecify.annotations.NullMarked;
