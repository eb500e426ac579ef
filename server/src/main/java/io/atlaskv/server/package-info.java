/// The server: event loops, connections, requests in place, replies behind gates, limits.
///
/// Layer: uses `redis` and the engine; must not know `cli`.
@NullMarked
package io.atlaskv.server;

import org.jspecify.annotations.NullMarked;
