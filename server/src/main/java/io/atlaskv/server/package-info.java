/// The server: event loops, RESP codec, limits and authentication.
///
/// Layer: uses `redis` and the engine; must not know `cli`.
@NullMarked
package io.atlaskv.server;

import org.jspecify.annotations.NullMarked;
