package io.atlaskv.redis.store;

import io.atlaskv.engine.internal.base.KeyBatch;
import io.atlaskv.engine.internal.base.Lookup;

/// Reads the store as it will be when a batch is committed. What the batch has written has the
/// sequence 0: it is the batch's own, not known yet.
///
/// `holdSnapshot` and `releaseSnapshot` do nothing: one moment is shown by whoever commits the
/// batch, by latches or by `holdForAll`.
public final class OverlayReader implements Reader {
  private final Reader base;
  private final OverlayBatch overlay;

  public OverlayReader(Reader base, OverlayBatch overlay) {
    this.base = base;
    this.overlay = overlay;
  }

  @Override
  public int get(byte[] key, int offset, int length, Lookup out) {
    int row = overlay.find(key, offset, length);
    return row == OverlayBatch.UNTOUCHED ? base.get(key, offset, length, out) : answer(row, out);
  }

  @Override
  public int get(Lookahead lookahead, int number, Lookup out) {
    KeyBatch rows = lookahead.rows();
    int row = overlay.find(rows.bytes(), KeyBatch.start(number), rows.length(number));
    return row == OverlayBatch.UNTOUCHED ? base.get(lookahead, number, out) : answer(row, out);
  }

  private int answer(int row, Lookup out) {
    if (row == OverlayBatch.DELETED) {
      out.absent();
      return ABSENT;
    }
    out.found(0, overlay.segment(), overlay.valueOffset(row), overlay.valueLength(row));
    return FOUND;
  }

  @Override
  public RowCursor cursor(byte[] lower, byte[] upper) {
    return new OverlayRowCursor(base.cursor(lower, upper), overlay, lower, upper);
  }

  /// From now on, until `reset`, the store below is read as of this moment.
  public void holdForAll() {
    base.holdSnapshot();
  }

  @Override
  public void holdSnapshot() {}

  @Override
  public void releaseSnapshot() {}

  @Override
  public void fetch(Runnable whenDone) {
    base.fetch(whenDone);
  }

  @Override
  public void reset() {
    base.reset();
  }
}
