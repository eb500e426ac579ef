/// The command line: `main`, configuration, wiring and tools.
///
/// Layer: the top; nothing uses it but `bench`.
@NullMarked
package io.atlaskv.cli;

import org.jspecify.annotations.NullMarked;
