package io.atlaskv.engine.internal.manifest;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.base.RangeTombstones;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.iterator.InternalIterator;
import io.atlaskv.engine.internal.sstable.TableReader;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/// Tables for tests that care about files, not entries: a table is its number, written down.
/// Opening one checks that the bytes are there.
final class FakeTables implements TableOpener {
  static final int BYTES = 600; // more than a sector

  private final FileSystem files;
  private final Set<Long> open = new TreeSet<>();

  FakeTables(FileSystem files) {
    this.files = files;
  }

  /// Writes and syncs a table; the directory is the version set's business.
  static void write(FileSystem files, long number) {
    try (var file = files.create(FileName.table(number))) {
      file.append(content(number));
      file.sync();
    }
  }

  private static ByteBuffer content(long number) {
    var content = ByteBuffer.allocateDirect(BYTES);
    while (content.hasRemaining()) {
      content.put((byte) (number + 1));
    }
    return content.flip();
  }

  /// Describes a table over some keys.
  static TableMeta meta(long number, String smallest, String largest, long sequence) {
    return new TableMeta(
        number,
        BYTES,
        Bytes.ofUtf8(smallest),
        Bytes.ofUtf8(largest),
        false,
        sequence,
        sequence,
        1,
        0,
        0,
        0);
  }

  /// Numbers of the tables that are open.
  Set<Long> open() {
    return open;
  }

  @Override
  public Table open(long number, UUID storeUuid) {
    String name = FileName.table(number);
    var found = ByteBuffer.allocateDirect(BYTES + 1);
    try (var file = files.openRead(name)) {
      file.read(0, found);
    }
    if (!found.flip().equals(content(number))) {
      throw new CorruptionException(name, 0, "not what was written");
    }
    if (!open.add(number)) {
      throw new IllegalStateException("table " + number + " opened twice");
    }
    return new FakeTable(number);
  }

  private final class FakeTable implements Table {
    private final long number;

    FakeTable(long number) {
      this.number = number;
    }

    @Override
    public TableReader reader() {
      throw new UnsupportedOperationException();
    }

    @Override
    public int get(
        ReadContext context,
        byte[] key,
        int offset,
        int length,
        long hash,
        long snapshot,
        Lookup out) {
      throw new UnsupportedOperationException();
    }

    @Override
    public InternalIterator iterator(ReadContext context) {
      throw new UnsupportedOperationException();
    }

    @Override
    public RangeTombstones rangeTombstones() {
      return RangeTombstones.EMPTY;
    }

    @Override
    public long nativeBytes() {
      return 0;
    }

    @Override
    public void verifyChecksums() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
      if (!open.remove(number)) {
        throw new IllegalStateException("table " + number + " closed twice");
      }
    }
  }
}
