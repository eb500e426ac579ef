/// Typed views of a namespace: the map, its sets and their iterators.
///
/// Layer: uses `api` only; the store's own packages below `embedded` do not know it.
@NullMarked
package io.atlaskv.engine.internal.typed;

import org.jspecify.annotations.NullMarked;
