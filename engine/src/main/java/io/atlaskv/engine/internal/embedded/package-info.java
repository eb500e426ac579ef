/// The blocking API on top of an engine, for programs that have the store in their own process.
///
/// Layer: uses `db` and all below it; only the root package may use it. Start at [EmbeddedDb]. What
/// is here the Redis layer has in its own way or not at all: namespaces by name, point reads and
/// writes that wait, cursors, transactions, quotas and their rows ([ExpiryRow]), change feeds, bulk
/// loads, and leases of what callers have to close.
@NullMarked
package io.atlaskv.engine.internal.embedded;

import org.jspecify.annotations.NullMarked;
