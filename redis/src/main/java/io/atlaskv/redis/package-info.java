/// Redis data types and TTL on ordered keys, and the command table; no sockets, usable in-process.
///
/// Layer: uses the engine; must not know `server` or `cli`.
@NullMarked
package io.atlaskv.redis;

import org.jspecify.annotations.NullMarked;
