/// The vocabulary of the engine: internal keys, sequence numbers, value kinds, varints, CRC32C.
///
/// Layer: uses `api`; must not know any other package.
@NullMarked
package io.atlaskv.engine.internal.base;

import org.jspecify.annotations.NullMarked;
