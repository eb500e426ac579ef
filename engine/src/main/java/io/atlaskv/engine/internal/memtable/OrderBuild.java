package io.atlaskv.engine.internal.memtable;

/// An ordered index in the making: a tree of the key nodes up to `mark`, and the journal of those
/// that came after it.
///
/// Until it is handed over, the `OrderTask` inserts into the tree and the writer only writes the
/// journal; from then on whoever holds the commit lock does both.
final class OrderBuild {
  final EntryLog.Mark mark;
  final PackedTree tree;
  final ReferenceJournal journal;

  /// How much of the journal is in the tree.
  private int inserted;

  private boolean isHandedOver;

  OrderBuild(EntryLog log, ChunkPool pool) {
    mark = log.mark();
    tree = new PackedTree(log, pool);
    journal = new ReferenceJournal(pool);
  }

  int backlog() {
    return journal.size() - inserted;
  }

  void insertPending(int max) {
    for (int n = Math.min(max, backlog()); n > 0; n--) {
      tree.insert(journal.reference(inserted++));
    }
  }

  /// Under the commit lock.
  void handOver() {
    isHandedOver = true;
  }

  /// Under the commit lock.
  boolean isHandedOver() {
    return isHandedOver;
  }

  /// Gives the journal's memory back; the tree lives on.
  void complete() {
    journal.release();
  }

  /// Gives all memory back.
  void release() {
    journal.release();
    tree.release();
  }
}
