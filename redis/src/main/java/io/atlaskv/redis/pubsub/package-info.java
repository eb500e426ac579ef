/// Publishing and subscribing: who listens to which channel, key events, what is pushed to clients.
///
/// Layer: uses `data` and `resp`; must not know `command`.
@NullMarked
package io.atlaskv.redis.pubsub;

import org.jspecify.annotations.NullMarked;
