package io.atlaskv.engine.internal.sstable;

import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.engine.internal.base.Hash64;
import io.atlaskv.engine.internal.base.Layouts;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// What the keys of a table begin with: a Bloom filter over the first bytes of each, so that a scan
/// of keys that all begin alike need not look into tables that have none of them. Resident.
///
/// ```
/// offset  size   field
///      0     4   namespaces m
///      4   8 m   namespace u32, bytes of its prefixes u32; ascending by namespace
///                lines and tail of a TableFilter
/// ```
///
/// It stands at the end of the properties block, where releases that do not know it do not look. A
/// prefix is the namespace, 4 bytes, and as many bytes behind it as are told for it; keys with
/// fewer are not in the filter, nor are those of other namespaces. Tombstones of single keys are in
/// it as any other entries.
public final class PrefixFilter {
  /// Bytes of the namespace, with which a key begins.
  static final int NAMESPACE_BYTES = Integer.BYTES;

  /// One prefix stands for many keys, and a scan asks many tables: 0.2 % of false answers.
  static final int BITS_PER_PREFIX = 14;

  static final int COUNT_BYTES = Integer.BYTES;
  static final int LENGTH_BYTES = 2 * Integer.BYTES;

  private static final long HASH_SEED = 0x505245464958L;

  private final PrefixLengths lengths;
  private final TableFilter filter;

  private PrefixFilter(PrefixLengths lengths, TableFilter filter) {
    this.lengths = lengths;
    this.filter = filter;
  }

  /// Copies a verified filter to memory of `arena`.
  static PrefixFilter of(
      String file, long fileOffset, MemorySegment source, long at, int bytes, Arena arena) {
    int count = bytes < COUNT_BYTES ? -1 : source.get(Layouts.LE_INT, at);
    long filterAt = COUNT_BYTES + (long) count * LENGTH_BYTES;
    if (count < 1 || filterAt > bytes) {
      throw malformed(file, fileOffset, "bytes=" + bytes + " namespaces=" + count);
    }
    int[] namespaces = new int[count];
    int[] prefixBytes = new int[count];
    for (int i = 0; i < count; i++) {
      long lengthAt = at + COUNT_BYTES + (long) i * LENGTH_BYTES;
      namespaces[i] = source.get(Layouts.LE_INT, lengthAt);
      prefixBytes[i] = source.get(Layouts.LE_INT, lengthAt + Integer.BYTES);
      if (prefixBytes[i] < 1 || (i > 0 && namespaces[i] <= namespaces[i - 1])) {
        throw malformed(
            file,
            fileOffset,
            "namespace " + namespaces[i] + " with prefixes of " + prefixBytes[i] + " bytes");
      }
    }
    TableFilter filter =
        TableFilter.of(file, fileOffset, source, at + filterAt, (int) (bytes - filterAt), arena);
    return new PrefixFilter(PrefixLengths.of(namespaces, prefixBytes), filter);
  }

  private static CorruptionException malformed(String file, long fileOffset, String detail) {
    return new CorruptionException(file, fileOffset, "malformed prefix filter: " + detail);
  }

  /// Hash of the first `bytes` bytes of a key, namespace included.
  static long hash(byte[] key, int bytes) {
    return Hash64.hash(HASH_SEED, key, 0, bytes);
  }

  /// Whether keys that begin so would be in the filter: the prefixes of their namespace are, and
  /// are no longer than that.
  public boolean knows(SharedPrefix prefix) {
    int bytes = lengths.of(prefix.namespace());
    return bytes > 0 && prefix.length() >= NAMESPACE_BYTES + bytes;
  }

  /// False only if the table has no entry of a key that begins so; of what it knows.
  public boolean mayHold(SharedPrefix prefix) {
    return filter.mayContain(prefix.hash(NAMESPACE_BYTES + lengths.of(prefix.namespace())));
  }

  /// False only if it leads scans past a key.
  boolean leadsTo(byte[] key, int length) {
    int bytes = length < NAMESPACE_BYTES ? 0 : lengths.of(ByteArrays.beInt(key, 0));
    return bytes == 0
        || length < NAMESPACE_BYTES + bytes
        || filter.mayContain(hash(key, NAMESPACE_BYTES + bytes));
  }

  /// How long the prefixes are, by namespace.
  PrefixLengths lengths() {
    return lengths;
  }

  /// Bits set for each prefix.
  int probes() {
    return filter.probes();
  }

  /// Native memory that it takes.
  public long bytes() {
    return filter.bytes();
  }
}
