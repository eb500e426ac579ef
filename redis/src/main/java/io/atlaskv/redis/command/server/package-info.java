/// Commands about the server: information, settings, flushes, shutdown.
///
/// Layer: uses `command` and what lies below it; must not know `server` or `cli`.
@NullMarked
package io.atlaskv.redis.command.server;

import org.jspecify.annotations.NullMarked;
