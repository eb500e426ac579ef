package io.atlaskv.engine.internal.manifest;

import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.base.RangeTombstones;
import io.atlaskv.engine.internal.base.SequenceNumber;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.iterator.InternalIterator;
import io.atlaskv.engine.internal.iterator.Position;
import io.atlaskv.engine.internal.sstable.PrefixFilter;
import io.atlaskv.engine.internal.sstable.TableReader;
import org.jspecify.annotations.Nullable;

/// A table whose entries carry sequence 0 and count as written at a sequence that the manifest
/// tells: it was made before that was known. It has one version of each key, and no range
/// tombstones.
final class IngestedTable implements Table {
  private final Table table;
  private final long sequence;

  IngestedTable(Table table, long sequence) {
    this.table = table;
    this.sequence = sequence;
  }

  @Override
  public boolean isSeenAt(long snapshot) {
    return sequence <= snapshot;
  }

  @Override
  public long sequenceOf(long stored) {
    return sequence;
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
    if (!isSeenAt(snapshot)) {
      out.absent();
      return Lookup.ABSENT;
    }
    int state = table.get(context, key, offset, length, hash, SequenceNumber.MAX, out);
    if (state != Lookup.ABSENT) {
      out.sequence(sequence);
    }
    return state;
  }

  @Override
  public TableReader reader() {
    return table.reader();
  }

  @Override
  public InternalIterator iterator(ReadContext context) {
    return new Numbered(table.iterator(context), sequence);
  }

  @Override
  public RangeTombstones rangeTombstones() {
    return table.rangeTombstones();
  }

  @Override
  public @Nullable PrefixFilter prefixFilter() {
    return table.prefixFilter();
  }

  @Override
  public long nativeBytes() {
    return table.nativeBytes();
  }

  @Override
  public void verifyChecksums() {
    table.verifyChecksums();
  }

  @Override
  public void close() {
    table.close();
  }

  /// The same entries with the sequence they count as.
  private record Numbered(InternalIterator entries, long sequence) implements InternalIterator {
    @Override
    public Position position() {
      return entries.position();
    }

    @Override
    public void seekToFirst() {
      entries.seekToFirst();
      number();
    }

    @Override
    public void seekToLast() {
      entries.seekToLast();
      number();
    }

    @Override
    public void seek(byte[] key, int offset, int length) {
      entries.seek(key, offset, length);
      number();
    }

    @Override
    public void seekForPrev(byte[] key, int offset, int length) {
      entries.seekForPrev(key, offset, length);
      number();
    }

    @Override
    public void next() {
      entries.next();
      number();
    }

    @Override
    public void prev() {
      entries.prev();
      number();
    }

    private void number() {
      Position position = entries.position();
      if (position.isValid()) {
        position.sequence(sequence);
      }
    }

    @Override
    public void close() {
      entries.close();
    }
  }
}
