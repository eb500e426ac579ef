package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.internal.base.DrawnKey;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.manifest.KeyRange;
import io.atlaskv.engine.internal.manifest.Levels;
import io.atlaskv.engine.internal.manifest.TableMeta;
import io.atlaskv.engine.internal.manifest.Tree;
import io.atlaskv.engine.internal.memtable.Memtable;
import io.atlaskv.engine.internal.sstable.TableDraw;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Draws stored versions of the keys of a range at random: a memtable or table by the number of its
/// entries, then one of these. Whoever counts a draw only if the version is the newest of its key
/// draws keys evenly, however often each was written and wherever it lies. To be closed: it holds a
/// view.
public final class KeyDraw implements AutoCloseable {
  private final View view;
  private final byte[] lower;
  private final byte[] upper;
  private final List<Memtable> memtables = new ArrayList<>();
  private final List<TableDraw> tables = new ArrayList<>();
  private final long total;

  KeyDraw(View view, byte[] lower, byte[] upper) {
    this.view = view;
    this.lower = lower;
    this.upper = upper;
    long sum = 0;
    memtables.add(view.active());
    memtables.addAll(List.of(view.sealed()));
    for (Memtable memtable : memtables) {
      sum += memtable.entries();
    }
    KeyRange range = new KeyRange(Bytes.of(lower), Bytes.of(upper), true);
    sum += addTables(view.version().levels(), range);
    for (Tree tree : view.version().state().trees().values()) {
      sum += addTables(tree.levels(), range);
    }
    total = sum;
  }

  /// Adds the tables that may have keys of the range; answers how many entries they have.
  private long addTables(Levels levels, KeyRange range) {
    long sum = 0;
    for (int level = 0; level < Levels.COUNT; level++) {
      for (TableMeta meta : levels.overlapping(level, range)) {
        TableDraw table = TableDraw.of(view.version().table(meta.number()).reader(), lower, upper);
        tables.add(table);
        sum += table.entries();
      }
    }
    return sum;
  }

  /// Draws one; false if this draw has hit nothing. May throw `NeedsBlocks`.
  public boolean draw(ReadContext context, long random, DrawnKey out) {
    if (total == 0) {
      return false;
    }
    long rest = Long.remainderUnsigned(random, total);
    long next = DrawnKey.mix(random);
    for (Memtable memtable : memtables) {
      rest -= memtable.entries();
      if (rest < 0) {
        return memtable.draw(next, out) && isInRange(out.key());
      }
    }
    for (TableDraw table : tables) {
      rest -= table.entries();
      if (rest < 0) {
        return table.draw(context, next, out) && isInRange(out.key());
      }
    }
    return false;
  }

  @Override
  public void close() {
    view.release();
  }

  private boolean isInRange(byte[] key) {
    return Arrays.compareUnsigned(key, lower) >= 0 && Arrays.compareUnsigned(key, upper) < 0;
  }
}
