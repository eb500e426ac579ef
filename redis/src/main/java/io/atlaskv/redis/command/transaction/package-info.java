/// MULTI, EXEC and WATCH. What runs a transaction is `Transaction` in the package above.
///
/// Layer: uses `command` and what lies below it; must not know `server` or `cli`.
@NullMarked
package io.atlaskv.redis.command.transaction;

import org.jspecify.annotations.NullMarked;
