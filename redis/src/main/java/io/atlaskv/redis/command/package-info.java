/// One class per Redis command: its metadata and its behaviour together.
///
/// Layer: uses `redis`; must not know `server` or `cli`.
@NullMarked
package io.atlaskv.redis.command;

import org.jspecify.annotations.NullMarked;
