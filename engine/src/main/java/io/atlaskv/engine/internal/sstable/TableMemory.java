package io.atlaskv.engine.internal.sstable;

import io.atlaskv.engine.internal.base.NativeBuffer;

/// Memory in which a table takes shape: blocks on their way out, and what filter and point index
/// are made of. A job lends it to the writer of one table after the other: memory made anew for
/// each table has to be zeroed by the JVM and brought page by page by the system. One thread at a
/// time, one writer at a time.
public final class TableMemory implements AutoCloseable {
  private static final int OUT_BYTES_INITIAL = 64 << 10;
  private static final int PREFIX_BYTES_INITIAL = 1 << 10;

  private final NativeBuffer out = new NativeBuffer(OUT_BYTES_INITIAL, NativeBuffer.LIMIT_MAX);
  private final NativeBuffer raw = new NativeBuffer(OUT_BYTES_INITIAL, NativeBuffer.LIMIT_MAX);
  private final TableKeys keys = new TableKeys();
  private final NativeBuffer prefixHashes =
      new NativeBuffer(PREFIX_BYTES_INITIAL, NativeBuffer.LIMIT_MAX);

  NativeBuffer out() {
    return out;
  }

  NativeBuffer raw() {
    return raw;
  }

  TableKeys keys() {
    return keys;
  }

  NativeBuffer prefixHashes() {
    return prefixHashes;
  }

  /// Forgets what the last table left.
  void clear() {
    out.clear();
    raw.clear();
    keys.clear();
    prefixHashes.clear();
  }

  /// Frees the memory. May be called again.
  @Override
  public void close() {
    out.close();
    raw.close();
    keys.close();
    prefixHashes.close();
  }
}
