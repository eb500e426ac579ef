/// What a transaction knows before it commits: what it has read, what it will write, and which keys
/// it has locked. Keys are full keys: namespace id, then the caller's key.
///
/// Layer: uses `api`, `base` and `io`; knows nothing of memtables, tables or the commit itself,
/// which are the business of `db`.
@NullMarked
package io.atlaskv.engine.internal.transaction;

import org.jspecify.annotations.NullMarked;
