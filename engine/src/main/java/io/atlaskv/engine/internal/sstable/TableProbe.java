package io.atlaskv.engine.internal.sstable;

import io.atlaskv.engine.api.Explanation.BlockRead;
import io.atlaskv.engine.api.Explanation.Filter;
import io.atlaskv.engine.api.Stage;
import io.atlaskv.engine.internal.base.InternalKey;
import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.cache.PinnedBlock;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.io.Clock;
import io.atlaskv.engine.internal.io.StageTimes;
import java.util.ArrayList;
import java.util.List;

/// `TableReader.get` by the same steps, each with a clock beside it: for explanations and for the
/// few reads that are measured, so that all others go without. For one key in one table, once.
public final class TableProbe {
  private final TableReader table;
  private final ReadContext context;
  private final Clock clock;
  private final List<BlockRead> blocks = new ArrayList<>();
  private Filter filter = Filter.NONE;
  private long filterNanos;
  private boolean isRow;

  public TableProbe(TableReader table, ReadContext context, Clock clock) {
    this.table = table;
    this.context = context;
    this.clock = clock;
  }

  /// Plain name of the file.
  public String name() {
    return table.name();
  }

  /// What filter or point index said to the key.
  public Filter filter() {
    return filter;
  }

  /// How long that took.
  public long filterNanos() {
    return filterNanos;
  }

  /// Whether the row cache answered, instead of a block.
  public boolean isRow() {
    return isRow;
  }

  /// Blocks that were looked into.
  public List<BlockRead> blocks() {
    return blocks;
  }

  /// As `TableReader.get`, and measured.
  int get(
      byte[] key, int offset, int length, long hash, long snapshot, Lookup out, StageTimes times) {
    int state = get(key, offset, length, hash, snapshot, out);
    if (filter != Filter.NONE) {
      times.add(Stage.FILTER, filterNanos);
    }
    for (BlockRead block : blocks) {
      times.add(Stage.BLOCK_SEARCH, block.searchNanos());
    }
    return state;
  }

  /// As `TableReader.get`.
  public int get(byte[] key, int offset, int length, long hash, long snapshot, Lookup out) {
    PointIndex points = table.points();
    long start = clock.nanoTime();
    if (points == null) {
      boolean mayContain = table.filter().mayContain(hash);
      filterNanos = clock.nanoTime() - start;
      filter = kind(mayContain);
      if (!mayContain) {
        out.absent();
        return Lookup.ABSENT;
      }
    } else {
      filter = Filter.POINT_INDEX;
      long candidate = points.first(hash);
      filterNanos = clock.nanoTime() - start;
      while (candidate >= 0) {
        int entry = points.entry(candidate);
        int state = getIn(points.block(candidate), entry, key, offset, length, hash, snapshot, out);
        if (Lookup.isAnswer(state)) {
          return state;
        }
        if (state == Lookup.ABSENT) {
          break;
        }
        candidate = points.next(hash, candidate);
      }
      if (candidate == PointIndex.ABSENT) {
        out.absent();
        return Lookup.ABSENT;
      }
    }
    TableIndex index = table.index();
    int block = index.find(key, offset, length, InternalKey.seekTrailer(snapshot));
    if (block == index.blocks()) {
      out.absent();
      return Lookup.ABSENT;
    }
    return getIn(block, DataBlockSearch.ANY_ENTRY, key, offset, length, hash, snapshot, out);
  }

  private Filter kind(boolean mayContain) {
    if (table.filter() == TableFilter.NONE) {
      return Filter.NONE;
    }
    return mayContain ? Filter.PASSED : Filter.REJECTED;
  }

  private int getIn(
      int block,
      int entry,
      byte[] key,
      int offset,
      int length,
      long hash,
      long snapshot,
      Lookup out) {
    long blockOffset = table.index().blockOffset(block);
    int storedBytes = (int) (table.index().blockEnd(block) - blockOffset);
    PinnedBlock pinned = context.scratch();
    long start = clock.nanoTime();
    boolean isCached = table.tryPin(context, block, pinned);
    if (!isCached && !table.load(block, context, key, offset, length, hash, snapshot, out)) {
      isRow = true;
      return out.state();
    }
    try {
      long loaded = clock.nanoTime();
      int bytes = pinned.length();
      int state = DataBlockSearch.get(pinned, entry, key, offset, length, hash, snapshot, out);
      long searched = clock.nanoTime();
      if (state == DataBlockSearch.MALFORMED || state == DataBlockSearch.WRONG_SUM) {
        throw table.damage(state, blockOffset, key, offset, length);
      }
      blocks.add(
          new BlockRead(
              blockOffset, storedBytes, bytes, isCached, loaded - start, searched - loaded));
      return state;
    } finally {
      pinned.release();
    }
  }
}
