package io.atlaskv.bench.tuning;

import io.atlaskv.bench.engine.DataSet;
import io.atlaskv.engine.api.Db;

/// Writes entries of a data set in its order without locality. Used by one thread.
final class Puts {
  private final Db db;
  private final DataSet data;
  private final byte[] key = new byte[DataSet.KEY_BYTES];
  private final byte[] value;

  Puts(Db db, DataSet data) {
    this.db = db;
    this.data = data;
    value = new byte[data.valueBytes()];
  }

  /// @param salt another one makes other values
  void all(int salt) {
    some(0, data.entries(), salt);
  }

  /// Entries `first` and on in the order, from its begin again behind its end.
  void some(int first, int count, int salt) {
    for (int i = first; i < first + count; i++) {
      data.key(data.shuffled(i % data.entries()), key);
      data.value(i + salt, value);
      db.put(key, value);
    }
  }
}
