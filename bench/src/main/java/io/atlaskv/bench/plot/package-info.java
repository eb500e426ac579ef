/// Drawings of figures as SVG files, for the docs.
///
/// Layer: uses nothing; benchmarks use it.
@NullMarked
package io.atlaskv.bench.plot;

import org.jspecify.annotations.NullMarked;
