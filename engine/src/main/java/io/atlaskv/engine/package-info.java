/// The embeddable store: `AtlasKv.open(path)` is where to start.
///
/// Layer: the root, above all others; the only package that names `internal.embedded`.
@NullMarked
package io.atlaskv.engine;

import org.jspecify.annotations.NullMarked;
