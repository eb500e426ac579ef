/// What a server can be told, once for all doors: a file, the environment, flags, CONFIG.
///
/// `Settings` has every setting, in groups by subject; whoever obeys one reads its value from
/// there. Layer: uses the engine's API and `data`'s patterns; `command` and everything above it
/// uses this.
@NullMarked
package io.atlaskv.redis.config;

import org.jspecify.annotations.NullMarked;
