package io.atlaskv.redis.data;

import io.atlaskv.redis.store.Batch;
import java.lang.foreign.MemorySegment;

/// Where the fragments of one string are, as its metadata row says.
///
/// Invariants:
/// - F1: an id belongs to one metadata row at a time; whatever changes a fragment rewrites that row
///   in the same batch, and whatever drops or replaces the row drops the fragments in the same
///   batch, unless another row takes the id over there. So no fragment is ever without its string.
/// - F2: a string in fragments never becomes shorter under the same id: every fragment that is
///   stored lies within its length.
/// - F3: `fragmentBytes` stays what it was when the id was given out.
///
/// @param namespace of the database
/// @param id collection id
/// @param length of the string in bytes
/// @param fragmentBytes of each fragment
record Fragments(int namespace, long id, long length, int fragmentBytes) {
  private static final int DELETED_ONE_BY_ONE_MAX = 16;

  /// As a metadata row says.
  static Fragments read(int namespace, MemorySegment memory, long at, int bytes) {
    if (bytes != FragmentFormat.BYTES) {
      throw new MetadataException("metadata of a string in fragments is cut short");
    }
    return new Fragments(
        namespace,
        FragmentFormat.id(memory, at),
        FragmentFormat.length(memory, at),
        FragmentFormat.fragmentBytes(memory, at));
  }

  void write(MemorySegment target, long at) {
    FragmentFormat.write(target, at, id, length, fragmentBytes);
  }

  Fragments withLength(long newLength) {
    return new Fragments(namespace, id, newLength, fragmentBytes);
  }

  /// How many fragments there may be.
  int count() {
    return Math.toIntExact((length + fragmentBytes - 1) / fragmentBytes);
  }

  /// Deletes all of them. One range tombstone costs less than many deletions, but every later read
  /// has to look at it, so it is not for a few.
  void delete(Batch batch) {
    int count = count();
    if (count > DELETED_ONE_BY_ONE_MAX) {
      batch.deleteRange(
          FragmentFormat.bound(namespace, id), FragmentFormat.bound(namespace, id + 1));
      return;
    }
    byte[] key = new byte[FragmentFormat.KEY_BYTES];
    for (int number = 0; number < count; number++) {
      FragmentFormat.key(key, namespace, id, number);
      batch.delete(key, 0, key.length);
    }
  }
}
