/// Redis data on ordered rows: keys, metadata, expiry, databases.
///
/// Layer: uses `store` and `resp`; must not know `command`.
///
/// Rows of a database, which is a namespace of the store [RowKey, MetadataFormat]:
///
/// ```
/// namespace(4) 'M' key            -> metadata and value of a key
/// namespace(4) 'E' time(8) key    -> nothing: the key expires at that time
/// 0(4) 'D' number(4)              -> namespace of a numbered database   [DatabaseFormat]
/// ```
///
/// Counters of a database: 0 = keys, 1 = keys that expire. Rows, index and counters change in one
/// batch, so they agree after any crash.
@NullMarked
package io.atlaskv.redis.data;

import org.jspecify.annotations.NullMarked;
