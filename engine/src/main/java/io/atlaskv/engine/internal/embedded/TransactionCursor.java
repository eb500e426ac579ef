package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.internal.db.EngineCursor;
import io.atlaskv.engine.internal.db.NamespaceKey;

/// A cursor within a transaction; ends with it.
final class TransactionCursor extends RangeCursor {
  private final EmbeddedTransaction transaction;
  private final EngineCursor rows;
  private final MergedEntries entries;
  private boolean isClosed;

  private TransactionCursor(
      EmbeddedTransaction transaction,
      EmbeddedRangeQuery query,
      EngineCursor rows,
      MergedEntries entries) {
    super(query, entries, rows.namespaceId());
    this.transaction = transaction;
    this.rows = rows;
    this.entries = entries;
  }

  /// Stands on the query's first entry. The transaction must have been entered.
  static TransactionCursor open(
      EmbeddedTransaction transaction, EmbeddedRangeQuery query, int namespaceId) {
    byte[] lower = NamespaceKey.lower(namespaceId, query.range());
    byte[] upper = NamespaceKey.endOf(namespaceId, query.range());
    EngineCursor rows = transaction.openCursor(lower, upper, namespaceId);
    var entries = new MergedEntries(rows, transaction.writes(), lower, upper, transaction::scanned);
    var cursor = new TransactionCursor(transaction, query, rows, entries);
    transaction.add(cursor);
    cursor.toFirst();
    return cursor;
  }

  /// Tells the transaction what was scanned so far.
  void noteScanned() {
    entries.noteScanned();
  }

  @Override
  int beginLook() {
    enter();
    return 0;
  }

  @Override
  void endLook(int look) {
    leave();
  }

  @Override
  void enter() {
    transaction.enter();
    if (isClosed) {
      transaction.leave();
      throw new ClosedException("the cursor");
    }
  }

  @Override
  void leave() {
    transaction.leave();
  }

  @Override
  public void close() {
    if (isClosed || !transaction.tryEnter()) {
      return; // it has ended with the transaction
    }
    try {
      isClosed = true;
      entries.noteScanned();
      transaction.closed(this, rows);
    } finally {
      leave();
    }
  }
}
