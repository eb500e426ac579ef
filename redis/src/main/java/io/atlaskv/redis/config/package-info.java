/// What a server can be told, once for all doors: a file, the environment, flags, CONFIG.
///
/// `Settings` has every setting, in groups by subject; whoever obeys one reads its value from
/// there.
///
/// Layer: uses the engine's API, patterns of `data` and letters of `pubsub`; `command` and all
/// above it use this.
@NullMarked
package io.atlaskv.redis.config;

import org.jspecify.annotations.NullMarked;
