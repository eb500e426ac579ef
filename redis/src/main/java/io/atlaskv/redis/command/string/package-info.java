/// Commands on strings.
///
/// Layer: uses `command` and what lies below it; must not know `server` or `cli`.
@NullMarked
package io.atlaskv.redis.command.string;

import org.jspecify.annotations.NullMarked;
