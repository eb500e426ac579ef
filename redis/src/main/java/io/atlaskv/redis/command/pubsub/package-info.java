/// Commands that publish and subscribe.
///
/// Layer: uses `command` and what lies below it; must not know `server` or `cli`.
@NullMarked
package io.atlaskv.redis.command.pubsub;

import org.jspecify.annotations.NullMarked;
