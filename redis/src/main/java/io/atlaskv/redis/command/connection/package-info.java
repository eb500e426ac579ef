/// Commands about the connection itself.
///
/// Layer: uses `command` and what lies below it; must not know `server` or `cli`.
@NullMarked
package io.atlaskv.redis.command.connection;

import org.jspecify.annotations.NullMarked;
