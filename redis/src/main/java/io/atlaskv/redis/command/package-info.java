/// The command table and what runs a command: latches, gates, parking. One class per command in the
/// packages below, its metadata and its behaviour together; start at `CommandTable`.
///
/// Layer: uses `data`, `resp` and `store`; must not know `server` or `cli`.
@NullMarked
package io.atlaskv.redis.command;

import org.jspecify.annotations.NullMarked;
