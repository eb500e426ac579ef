package io.atlaskv.redis.data;

import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.engine.internal.base.Layouts;
import java.lang.foreign.MemorySegment;

/// A string in fragments: what its metadata row holds behind the head, and the keys of its
/// fragments. The value of a fragment is its bytes; those it lacks at its end are zeroes, and so is
/// a fragment that is not there.
///
/// ```
/// metadata row, behind the head      key of a fragment (big-endian)
/// offset  size  field                offset  size  field
///      0     8  collection id             0     4  namespace
///      8     8  bytes of the string       4     1  'S'
///     16     4  bytes of a fragment       5     8  collection id
///     (little-endian)                    13     4  number of the fragment, from 0
/// ```
final class FragmentFormat {
  /// What stands in the metadata row.
  static final int BYTES = 20;

  /// Length of a fragment's key.
  static final int KEY_BYTES = 17;

  static final byte FRAGMENT = 'S';

  private static final int LENGTH_OFFSET = 8;
  private static final int FRAGMENT_BYTES_OFFSET = 16;
  private static final int ID_OFFSET = 5;
  private static final int NUMBER_OFFSET = 13;

  private FragmentFormat() {}

  static void write(MemorySegment target, long at, long id, long length, int fragmentBytes) {
    target.set(Layouts.LE_LONG, at, id);
    target.set(Layouts.LE_LONG, at + LENGTH_OFFSET, length);
    target.set(Layouts.LE_INT, at + FRAGMENT_BYTES_OFFSET, fragmentBytes);
  }

  static long id(MemorySegment source, long at) {
    return source.get(Layouts.LE_LONG, at);
  }

  static long length(MemorySegment source, long at) {
    return source.get(Layouts.LE_LONG, at + LENGTH_OFFSET);
  }

  static int fragmentBytes(MemorySegment source, long at) {
    return source.get(Layouts.LE_INT, at + FRAGMENT_BYTES_OFFSET);
  }

  /// Writes the key of a fragment.
  static void key(byte[] target, int namespace, long id, int number) {
    ByteArrays.putBeInt(target, 0, namespace);
    target[RowKey.TYPE_OFFSET] = FRAGMENT;
    ByteArrays.putBeLong(target, ID_OFFSET, id);
    ByteArrays.putBeInt(target, NUMBER_OFFSET, number);
  }

  /// Bound before all fragments of an id.
  static byte[] bound(int namespace, long id) {
    byte[] key = new byte[KEY_BYTES];
    key(key, namespace, id, 0);
    return key;
  }
}
