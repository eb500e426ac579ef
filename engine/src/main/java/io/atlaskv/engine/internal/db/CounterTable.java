package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.internal.manifest.CounterId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/// Persistent counters of namespaces: changed by batches, so that they are exactly as true as the
/// data. Written under the commit lock, read without.
///
/// Few counters exist (some per namespace), so they are a small sorted array.
final class CounterTable {
  private static final class Table {
    final long[] ids; // ascending, never changed
    final AtomicLongArray values;

    Table(long[] ids, AtomicLongArray values) {
      this.ids = ids;
      this.values = values;
    }
  }

  private volatile Table table = new Table(new long[0], new AtomicLongArray(0));

  private static long id(int namespace, int counter) {
    return Integer.toUnsignedLong(namespace) << Byte.SIZE | counter;
  }

  long value(int namespace, int counter) {
    Table current = table;
    int at = Arrays.binarySearch(current.ids, id(namespace, counter));
    return at < 0 ? 0 : current.values.get(at);
  }

  void add(int namespace, int counter, long delta) {
    long id = id(namespace, counter);
    Table current = table;
    int at = Arrays.binarySearch(current.ids, id);
    if (at < 0) {
      at = -at - 1;
      current = inserted(current, at, id);
      table = current;
    }
    current.values.setRelease(at, current.values.getPlain(at) + delta);
  }

  private static Table inserted(Table old, int at, long id) {
    long[] ids = new long[old.ids.length + 1];
    long[] values = new long[ids.length];
    for (int i = 0, from = 0; i < ids.length; i++) {
      ids[i] = i == at ? id : old.ids[from];
      values[i] = i == at ? 0 : old.values.get(from++);
    }
    return new Table(ids, new AtomicLongArray(values));
  }

  /// Sets the counters of a namespace that is dropped or cleared to 0.
  void clearNamespace(int namespace) {
    Table current = table;
    for (int i = 0; i < current.ids.length; i++) {
      if (current.ids[i] >>> Byte.SIZE == Integer.toUnsignedLong(namespace)) {
        current.values.setRelease(i, 0);
      }
    }
  }

  /// All counters as of now, for a flush to write down; forgets those that are 0, which need not be
  /// written down a second time.
  Map<CounterId, Long> checkpoint() {
    Table current = table;
    var copy = new HashMap<CounterId, Long>();
    int kept = 0;
    long[] ids = new long[current.ids.length];
    long[] values = new long[current.ids.length];
    for (int i = 0; i < current.ids.length; i++) {
      long id = current.ids[i];
      long value = current.values.get(i);
      copy.put(new CounterId((int) (id >>> Byte.SIZE), (int) (id & 0xff)), value);
      if (value != 0) {
        ids[kept] = id;
        values[kept++] = value;
      }
    }
    if (kept < ids.length) {
      table = new Table(Arrays.copyOf(ids, kept), new AtomicLongArray(Arrays.copyOf(values, kept)));
    }
    return copy;
  }

  void load(Map<CounterId, Long> counters) {
    counters.forEach((id, value) -> add(id.namespace(), id.counter(), value));
  }
}
