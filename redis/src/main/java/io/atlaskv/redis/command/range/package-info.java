/// Commands on ordered stretches of keys, which Redis does not have.
///
/// Layer: uses `command` and what lies below it; must not know `server` or `cli`.
@NullMarked
package io.atlaskv.redis.command.range;

import org.jspecify.annotations.NullMarked;
