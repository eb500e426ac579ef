/// The Redis protocol as bytes: arguments in place, numbers, replies. No sockets.
///
/// Layer: uses the engine's base; must not know `data` or `command`.
@NullMarked
package io.atlaskv.redis.resp;

import org.jspecify.annotations.NullMarked;
