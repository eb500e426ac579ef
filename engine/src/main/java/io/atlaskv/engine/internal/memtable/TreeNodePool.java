package io.atlaskv.engine.internal.memtable;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Memory of the nodes of one `PackedTree`. A node is named by a number; 0 is none.
///
/// Readers hold no node: one may find that the node it reads was retired and is in use again, and
/// must check the generation before it believes what it read. So that it stumbles over nothing
/// worse than wrong answers, a node is zeroed when it is first used, and what was a leaf never
/// becomes an inner node: a reference read from it is always 0 or that of some key node.
///
/// Only the writer of the tree allocates and retires.
final class TreeNodePool {
  private static final int NODE_BITS = 10;
  private static final int PLACE_BITS = 20 - NODE_BITS;
  private static final int PLACE_MASK = (1 << PLACE_BITS) - 1;

  private final ChunkPool pool;
  private Chunk[] chunks = new Chunk[4];
  private MemorySegment[] memory = new MemorySegment[4]; // replaced when it grows
  private int chunkCount;
  private int next = 1; // the first node that was never used
  private int freeLeaf;
  private int freeInner;

  TreeNodePool(ChunkPool pool) {
    assert 1 << NODE_BITS == TreeNodeDescriptor.BYTES;
    this.pool = pool;
  }

  long heldBytes() {
    return (long) chunkCount * ChunkPool.CHUNK_BYTES;
  }

  long usedBytes() {
    return (long) next * TreeNodeDescriptor.BYTES;
  }

  MemorySegment memory(int node) {
    return memory[node >>> PLACE_BITS];
  }

  static long offset(int node) {
    return (long) (node & PLACE_MASK) << NODE_BITS;
  }

  int allocateLeaf() {
    int node = freeLeaf;
    if (node == 0) {
      return allocateNew();
    }
    freeLeaf = TreeNodeDescriptor.nextFree(memory(node), offset(node));
    return node;
  }

  int allocateInner() {
    int node = freeInner;
    if (node == 0) {
      return allocateNew();
    }
    freeInner = TreeNodeDescriptor.nextFree(memory(node), offset(node));
    return node;
  }

  /// Takes back a leaf that the tree no longer has.
  void retireLeaf(int node) {
    TreeNodeDescriptor.nextGeneration(memory(node), offset(node));
    TreeNodeDescriptor.nextFree(memory(node), offset(node), freeLeaf);
    freeLeaf = node;
  }

  /// Takes back an inner node that the tree no longer has.
  void retireInner(int node) {
    TreeNodeDescriptor.nextGeneration(memory(node), offset(node));
    TreeNodeDescriptor.nextFree(memory(node), offset(node), freeInner);
    freeInner = node;
  }

  void release() {
    for (int i = 0; i < chunkCount; i++) {
      pool.giveBack(chunks[i]);
    }
    chunkCount = 0;
    chunks = new Chunk[0];
    memory = new MemorySegment[0];
  }

  private int allocateNew() {
    int node = next++;
    if (node >>> PLACE_BITS == chunkCount) {
      if (chunkCount == chunks.length) {
        chunks = Arrays.copyOf(chunks, 2 * chunkCount);
        memory = Arrays.copyOf(memory, 2 * chunkCount);
      }
      chunks[chunkCount] = pool.acquire();
      memory[chunkCount] = chunks[chunkCount].memory();
      chunkCount++;
    }
    TreeNodeDescriptor.clear(memory(node), offset(node));
    return node;
  }
}
