/// Data larger than memory: a store of many times its memory limit, watched from outside.
///
/// Layer: uses `bench`, the engine's public API and `testkit.process`; nothing uses it.
@NullMarked
package io.atlaskv.bench.memory;

import org.jspecify.annotations.NullMarked;
