/// The port through which the data model reaches an ordered, versioned store, and its adapter to
/// the engine. Tests put the engine on simulated ports behind it, which can miss blocks, delay
/// durability and fail.
///
/// Layer: uses the engine only; everything else in this module stands on it.
@NullMarked
package io.atlaskv.redis.store;

import org.jspecify.annotations.NullMarked;
