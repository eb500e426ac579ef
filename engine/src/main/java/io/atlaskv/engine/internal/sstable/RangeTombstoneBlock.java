package io.atlaskv.engine.internal.sstable;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.internal.base.InternalKey;
import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.engine.internal.base.RangeTombstone;
import io.atlaskv.engine.internal.base.RangeTombstones;
import io.atlaskv.engine.internal.base.SequenceNumber;
import io.atlaskv.engine.internal.base.Varint;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// The range tombstones of a table. A table without any has no such block.
///
/// ```
/// block     = count u32, tombstone*
/// tombstone = start length varint, start, end length varint, end, sequence varint
/// ```
final class RangeTombstoneBlock {
  private RangeTombstoneBlock() {}

  static void encode(RangeTombstones tombstones, NativeBuffer target) {
    int countAt = target.reserve(Integer.BYTES);
    int count = 0;
    for (int fragment = 0; fragment < tombstones.fragments(); fragment++) {
      for (int i = 0; i < tombstones.sequenceCount(fragment); i++) {
        putKey(target, tombstones.start(fragment));
        putKey(target, tombstones.end(fragment));
        target.putVarint(tombstones.sequence(fragment, i));
        count++;
      }
    }
    target.patchInt(countAt, count);
  }

  private static void putKey(NativeBuffer target, byte[] key) {
    target.putVarint(key.length);
    target.put(key, 0, key.length);
  }

  static RangeTombstones decode(
      String file, long fileOffset, MemorySegment source, long at, int bytes) {
    var reader = new Reader(file, fileOffset, source, at, at + bytes);
    int count = reader.count();
    var tombstones = new ArrayList<RangeTombstone>();
    for (int i = 0; i < count; i++) {
      tombstones.add(reader.tombstone());
    }
    reader.requireEnd();
    return RangeTombstones.ofList(tombstones);
  }

  /// All tombstones of a set, one by one.
  static List<RangeTombstone> list(RangeTombstones tombstones) {
    var list = new ArrayList<RangeTombstone>();
    for (int fragment = 0; fragment < tombstones.fragments(); fragment++) {
      for (int i = 0; i < tombstones.sequenceCount(fragment); i++) {
        list.add(
            new RangeTombstone(
                Bytes.of(tombstones.start(fragment)),
                Bytes.of(tombstones.end(fragment)),
                tombstones.sequence(fragment, i)));
      }
    }
    return list;
  }

  private static final class Reader {
    private final String file;
    private final long fileOffset;
    private final MemorySegment source;
    private final long end;
    private long at;

    Reader(String file, long fileOffset, MemorySegment source, long at, long end) {
      this.file = file;
      this.fileOffset = fileOffset;
      this.source = source;
      this.at = at;
      this.end = end;
    }

    int count() {
      if (end - at < Integer.BYTES) {
        throw malformed();
      }
      int count = source.get(Layouts.LE_INT, at);
      at += Integer.BYTES;
      return count;
    }

    RangeTombstone tombstone() {
      Bytes start = key();
      Bytes stop = key();
      int size = Varint.sizeAt(source, at, end);
      if (size == 0) {
        throw malformed();
      }
      long sequence = Varint.readLong(source, at, size);
      at += size;
      if (start.compareTo(stop) >= 0 || !SequenceNumber.isValid(sequence)) {
        throw malformed();
      }
      return new RangeTombstone(start, stop, sequence);
    }

    private Bytes key() {
      long read = Varint.readInt(source, at, end);
      if (read == Varint.MALFORMED) {
        throw malformed();
      }
      int length = Varint.value(read);
      at += Varint.sizeOfRead(read);
      if (length > end - at || length > InternalKey.USER_KEY_BYTES_MAX) {
        throw malformed();
      }
      byte[] key = new byte[length];
      MemorySegment.copy(source, Layouts.BYTE, at, key, 0, length);
      at += length;
      return Bytes.of(key);
    }

    void requireEnd() {
      if (at != end) {
        throw malformed();
      }
    }

    private CorruptionException malformed() {
      return new CorruptionException(file, fileOffset, "malformed range-tombstone block");
    }
  }
}
