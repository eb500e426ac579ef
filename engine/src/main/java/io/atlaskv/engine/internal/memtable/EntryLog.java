package io.atlaskv.engine.internal.memtable;

import io.atlaskv.engine.internal.base.KeyBytes;
import io.atlaskv.engine.internal.base.Layouts;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Append-only records of a memtable, see `EntryDescriptor`, in chunks of a pool.
///
/// A *reference* is 32 bits: the number of the chunk and the record's place in it in units of 8
/// bytes. 0 is no reference. A record never spans chunks; one that is large gets a chunk of its
/// own, which may be larger than the others.
///
/// One writer. Readers may follow any reference that they got through an acquiring load from where
/// the writer published it with a release: all it names was written before.
final class EntryLog {
  /// Records from this size on get a chunk of their own; bounds what is wasted at the end of one.
  static final int LARGE_BYTES = ChunkPool.CHUNK_BYTES / 4;

  private static final int UNIT_BITS = 3;
  private static final int PLACE_BITS = 20 - UNIT_BITS;
  private static final int PLACE_MASK = (1 << PLACE_BITS) - 1;

  /// Offset of the first record of all.
  static final long FIRST = 1 << UNIT_BITS;

  private static final int CHUNKS_MAX = 1 << (Integer.SIZE - PLACE_BITS);

  /// An end of the log.
  record Mark(int chunkCount, int current, long position) {}

  private final ChunkPool pool;
  private Chunk[] chunks = new Chunk[16];
  private MemorySegment[] memory = new MemorySegment[16]; // replaced when it grows
  private long[] ends = new long[16]; // of the records in each chunk; only of those that are left
  private int chunkCount;
  private int current; // index of the chunk that is being filled
  private long position; // in it
  private long usedBytes;
  private long heldBytes;

  EntryLog(ChunkPool pool) {
    this.pool = pool;
    addChunk(pool.acquire());
    position = FIRST; // so that no record has reference 0
  }

  /// Bytes of records.
  long usedBytes() {
    return usedBytes;
  }

  /// Bytes of chunks.
  long heldBytes() {
    return heldBytes;
  }

  /// True if there are references left for so many bytes of records.
  boolean canTake(long bytes) {
    return chunkCount + 2 + bytes / LARGE_BYTES < CHUNKS_MAX;
  }

  /// Room for a record; its content is whatever was there before.
  int allocate(long bytes) {
    usedBytes += bytes;
    if (bytes >= LARGE_BYTES) {
      int chunk = addChunk(pool.acquireLarge(bytes));
      ends[chunk] = bytes;
      return reference(chunk, 0);
    }
    if (position + bytes > ChunkPool.CHUNK_BYTES) {
      ends[current] = position;
      current = addChunk(pool.acquire());
      position = 0;
    }
    int reference = reference(current, position);
    position += bytes;
    return reference;
  }

  /// The end of the log as it is now.
  Mark mark() {
    return new Mark(chunkCount, current, position);
  }

  /// Where the records of a chunk end, for whoever knows the mark from the writer.
  long end(int chunk, Mark mark) {
    return chunk == mark.current ? mark.position : ends[chunk];
  }

  /// The memory that a reference points to.
  MemorySegment memory(int reference) {
    return memory[reference >>> PLACE_BITS];
  }

  /// The offset in `memory(reference)` that a reference points to.
  static long offset(int reference) {
    return (long) (reference & PLACE_MASK) << UNIT_BITS;
  }

  /// The reference of a record that lies `bytes` after another in the same chunk.
  static int after(int reference, long bytes) {
    return reference + (int) (bytes >>> UNIT_BITS);
  }

  /// Gives all memory back to the pool.
  void release() {
    for (int i = 0; i < chunkCount; i++) {
      pool.giveBack(chunks[i]);
    }
    chunkCount = 0;
    chunks = new Chunk[0];
    memory = new MemorySegment[0];
    heldBytes = 0;
  }

  int keyLength(int node) {
    return EntryDescriptor.keyLength(memory(node), offset(node));
  }

  boolean keyEquals(int node, byte[] key, int offset, int length) {
    MemorySegment bytes = memory(node);
    long at = offset(node);
    return EntryDescriptor.keyLength(bytes, at) == length
        && KeyBytes.equal(key, offset, bytes, at + EntryDescriptor.NODE_BYTES, length);
  }

  boolean keyEquals(int node, MemorySegment key, long offset, int length) {
    MemorySegment bytes = memory(node);
    long at = offset(node);
    return EntryDescriptor.keyLength(bytes, at) == length
        && KeyBytes.equal(key, offset, bytes, at + EntryDescriptor.NODE_BYTES, length);
  }

  /// Order of a key and the key of a node.
  int compareKey(byte[] key, int offset, int length, int node) {
    MemorySegment bytes = memory(node);
    long at = offset(node);
    return KeyBytes.compare(
        key,
        offset,
        length,
        bytes,
        at + EntryDescriptor.NODE_BYTES,
        EntryDescriptor.keyLength(bytes, at));
  }

  /// Order of the keys of two nodes.
  int compareKeys(int left, int right) {
    MemorySegment leftBytes = memory(left);
    long leftAt = offset(left);
    MemorySegment rightBytes = memory(right);
    long rightAt = offset(right);
    return KeyBytes.compare(
        leftBytes,
        leftAt + EntryDescriptor.NODE_BYTES,
        EntryDescriptor.keyLength(leftBytes, leftAt),
        rightBytes,
        rightAt + EntryDescriptor.NODE_BYTES,
        EntryDescriptor.keyLength(rightBytes, rightAt));
  }

  /// True if the key of a node begins with the first `length` bytes of `prefix`.
  boolean keyStartsWith(int node, byte[] prefix, int length) {
    MemorySegment bytes = memory(node);
    long at = offset(node);
    return EntryDescriptor.keyLength(bytes, at) >= length
        && KeyBytes.equal(prefix, 0, bytes, at + EntryDescriptor.NODE_BYTES, length);
  }

  /// Length of what the keys of two nodes have in common, at most `max`, when it is known to be at
  /// least `known`.
  int commonPrefix(int left, int right, int known, int max) {
    int length = Math.min(max, Math.min(keyLength(left), keyLength(right)));
    return known
        + KeyBytes.mismatch(
            memory(left),
            offset(left) + EntryDescriptor.NODE_BYTES + known,
            memory(right),
            offset(right) + EntryDescriptor.NODE_BYTES + known,
            length - known);
  }

  /// The 8 bytes of a node's key after the first `skip`, which it must have.
  long prefix8(int node, int skip) {
    MemorySegment bytes = memory(node);
    long at = offset(node);
    return KeyBytes.prefix8(
        bytes, at + EntryDescriptor.NODE_BYTES + skip, EntryDescriptor.keyLength(bytes, at) - skip);
  }

  /// Copies the first `length` bytes of a node's key.
  void copyKey(int node, int length, byte[] target) {
    MemorySegment.copy(
        memory(node), Layouts.BYTE, offset(node) + EntryDescriptor.NODE_BYTES, target, 0, length);
  }

  /// Copies the first `length` bytes of a node's key.
  void copyKey(int node, int length, MemorySegment target, long targetOffset) {
    MemorySegment.copy(
        memory(node), offset(node) + EntryDescriptor.NODE_BYTES, target, targetOffset, length);
  }

  private int addChunk(Chunk chunk) {
    if (chunkCount == CHUNKS_MAX) {
      throw new IllegalStateException("memtable is out of references: chunks=" + chunkCount);
    }
    if (chunkCount == chunks.length) {
      chunks = Arrays.copyOf(chunks, 2 * chunkCount);
      memory = Arrays.copyOf(memory, 2 * chunkCount);
      ends = Arrays.copyOf(ends, 2 * chunkCount);
    }
    chunks[chunkCount] = chunk;
    memory[chunkCount] = chunk.memory();
    heldBytes += chunk.bytes();
    return chunkCount++;
  }

  /// The reference of a place.
  static int reference(int chunk, long offset) {
    return (chunk << PLACE_BITS) | (int) (offset >>> UNIT_BITS);
  }
}
