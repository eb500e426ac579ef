/// Commands on the bits of strings. Bit 0 is the highest bit of byte 0.
///
/// Layer: uses `command`, `command.string` and what lies below; must not know `server` or `cli`.
@NullMarked
package io.atlaskv.redis.command.bitmap;

import org.jspecify.annotations.NullMarked;
