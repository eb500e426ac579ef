package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.api.Cursor;

/// What opens cursors of one namespace: as of now, of a snapshot, or within a transaction.
interface CursorSource {
  /// A cursor on the first entry of the query.
  Cursor open(EmbeddedRangeQuery query);
}
