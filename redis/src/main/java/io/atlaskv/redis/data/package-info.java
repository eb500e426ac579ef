/// Redis data on ordered rows: keys, metadata, expiry, databases.
///
/// Layer: uses `store` and `resp`; must not know `command`.
///
/// Rows of a database, which is a namespace of the store [RowKey, MetadataFormat]:
///
/// ```
/// namespace(4) 'M' key            -> metadata and value of a key
/// namespace(4) 'E' time(8) key    -> nothing: the key expires at that time
/// namespace(4) 'S' id(8) n(4)     -> fragment n of a large string       [FragmentFormat]
/// 0(4) 'D' number(4)              -> namespace of a numbered database   [DatabaseFormat]
/// 0(4) 'C'                        -> first collection id not given out  [CollectionIds]
/// ```
///
/// A short string lies in its metadata row. A longer one ([StringLayout] says from where on) lies
/// in fragments, and its metadata row says under which id: read it through [StringView], change it
/// through [StringEdit], which both know no difference between the two kinds. A fragment that was
/// never written is not stored and reads as zeroes. RENAME hands the id to another metadata row; a
/// value in another database is a copy, as the namespace is part of a fragment's key.
///
/// Counters of a database: 0 = keys, 1 = keys that expire. Rows, index and counters change in one
/// batch, so they agree after any crash.
@NullMarked
package io.atlaskv.redis.data;

import org.jspecify.annotations.NullMarked;
