/// Commands on keys of any type: existence, expiry, scans.
///
/// Layer: uses `command` and what lies below it; must not know `server` or `cli`.
@NullMarked
package io.atlaskv.redis.command.generic;

import org.jspecify.annotations.NullMarked;
