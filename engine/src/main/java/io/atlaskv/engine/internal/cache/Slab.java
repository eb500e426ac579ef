package io.atlaskv.engine.internal.cache;

import io.atlaskv.engine.internal.base.Prefetch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/// A piece of cache memory cut into slots of one size, and the slots' descriptors beside it.
///
/// ```
/// descriptor, 32 bytes a slot
/// offset  size  field
///      0     4  state: -1 free or being filled, else hits << 24 | pins
///      4     4  block length
///      8     8  file number
///     16     8  file offset
///     24     4  next free slot, -1 = none
///     28     4  unused
/// ```
///
/// Invariants:
/// - S1: whoever changes a slot's state from "no pins" to -1 owns the slot alone until he sets
///   another state. File, offset, length and bytes change only then, so a reader that has pinned a
///   slot and then finds its own block named there may read until it unpins.
/// - S2: descriptor memory is never freed before the cache is, and never becomes anything else: a
///   reader with an outdated location finds another block's descriptor or -1, never foreign bytes.
/// - S3: `memory` and the slot size change only while all slots are owned by the shard's lock
///   holder.
final class Slab {
  static final int DESCRIPTOR_BYTES = 32;
  static final int FREE = -1;
  static final int PIN = 1;
  static final int HIT = 1 << 24;
  static final int HITS_MAX = 3;
  private static final int PINS_MASK = HIT - 1;
  private static final long LENGTH_OFFSET = 4;
  private static final long FILE_OFFSET = 8;
  private static final long OFFSET_OFFSET = 16;
  private static final long NEXT_OFFSET = 24;
  private static final VarHandle STATE = ValueLayout.JAVA_INT.varHandle();
  private static final byte POISON = (byte) 0xdb;

  private final Arena descriptorArena;
  private final int slotBytesMin;
  private volatile MemorySegment descriptors = MemorySegment.NULL;
  private int descriptorSlots;
  private Arena arena = Arena.global();
  private MemorySegment memory = MemorySegment.NULL;
  private int slotBytes;
  private int slots;
  private int sizeClass;
  private int freeHead = FREE;
  private int freeSlots;
  private boolean isListedFree;

  /// @param descriptorArena lives as long as the cache (S2)
  /// @param slotBytesMin smallest slot that it will ever be cut into
  Slab(Arena descriptorArena, int slotBytesMin) {
    this.descriptorArena = descriptorArena;
    this.slotBytesMin = slotBytesMin;
  }

  /// Takes over memory and cuts it into free slots (S3).
  ///
  /// @return bytes of descriptor memory added
  long assign(Arena memoryArena, MemorySegment newMemory, int newClass, int newSlotBytes) {
    arena = memoryArena;
    memory = newMemory;
    sizeClass = newClass;
    slotBytes = newSlotBytes;
    slots = (int) (newMemory.byteSize() / newSlotBytes);
    long added = 0;
    if (slots > descriptorSlots) {
      // The second time straight to the largest number, so that this happens at most twice.
      int count =
          descriptorSlots == 0
              ? slots
              : Math.max(slots, (int) (newMemory.byteSize() / slotBytesMin));
      added = (long) count * DESCRIPTOR_BYTES;
      MemorySegment fresh = descriptorArena.allocate(added, DESCRIPTOR_BYTES);
      for (int slot = 0; slot < count; slot++) {
        STATE.set(fresh, (long) slot * DESCRIPTOR_BYTES, FREE);
      }
      descriptorSlots = count;
      descriptors = fresh;
    }
    freeHead = FREE;
    freeSlots = 0;
    for (int slot = slots - 1; slot >= 0; slot--) {
      pushFree(slot);
    }
    return added;
  }

  /// Gives the memory away; all slots must be owned (S3).
  Arena detachMemory() {
    Arena released = arena;
    arena = Arena.global();
    memory = MemorySegment.NULL;
    slots = 0;
    freeHead = FREE;
    freeSlots = 0;
    return released;
  }

  Arena arena() {
    return arena;
  }

  MemorySegment memory() {
    return memory;
  }

  int slots() {
    return slots;
  }

  int slotBytes() {
    return slotBytes;
  }

  int sizeClass() {
    return sizeClass;
  }

  /// Slots on the free list: neither published nor owned by somebody who fills them.
  int freeSlots() {
    return freeSlots;
  }

  boolean isListedFree() {
    return isListedFree;
  }

  void listedFree(boolean isListed) {
    isListedFree = isListed;
  }

  long base(int slot) {
    return (long) slot * slotBytes;
  }

  int length(int slot) {
    return descriptors.get(ValueLayout.JAVA_INT, at(slot) + LENGTH_OFFSET);
  }

  long fileNumber(int slot) {
    return descriptors.get(ValueLayout.JAVA_LONG, at(slot) + FILE_OFFSET);
  }

  long fileOffset(int slot) {
    return descriptors.get(ValueLayout.JAVA_LONG, at(slot) + OFFSET_OFFSET);
  }

  /// Pins the slot if it holds that block; lock-free.
  boolean tryPin(int slot, long file, long offset, boolean countHit) {
    MemorySegment slotDescriptors = descriptors;
    long at = at(slot);
    if (at >= slotDescriptors.byteSize()) {
      return false;
    }
    int state = (int) STATE.getAcquire(slotDescriptors, at);
    while (state >= 0) {
      int next = state + PIN;
      if (countHit && hits(state) < HITS_MAX) {
        next += HIT;
      }
      int found = (int) STATE.compareAndExchange(slotDescriptors, at, state, next);
      if (found == state) {
        if (slotDescriptors.get(ValueLayout.JAVA_LONG, at + FILE_OFFSET) == file
            && slotDescriptors.get(ValueLayout.JAVA_LONG, at + OFFSET_OFFSET) == offset) {
          return true;
        }
        STATE.getAndAdd(slotDescriptors, at, -PIN);
        return false;
      }
      state = found;
    }
    return false;
  }

  /// Notes a slot's descriptor.
  void prefetch(int slot, Prefetch prefetch) {
    prefetch.place(0, descriptors, at(slot));
  }

  /// Pins a slot on which the caller holds a pin already.
  void pinAgain(int slot) {
    STATE.getAndAdd(descriptors, at(slot), PIN);
  }

  void unpin(int slot) {
    int before = (int) STATE.getAndAdd(descriptors, at(slot), -PIN);
    assert before > 0 && (before & PINS_MASK) > 0 : "slot=" + slot + " state=" + before;
  }

  /// Hits counted since the hand last passed; -1 for slots that are pinned or free.
  int evictableHits(int slot) {
    int state = (int) STATE.getAcquire(descriptors, at(slot));
    return state < 0 || (state & PINS_MASK) != 0 ? -1 : hits(state);
  }

  boolean isFree(int slot) {
    return (int) STATE.getAcquire(descriptors, at(slot)) < 0;
  }

  /// Takes one hit from a slot that the hand passes.
  void cool(int slot) {
    int state = (int) STATE.getAcquire(descriptors, at(slot));
    if (state >= HIT) {
      STATE.compareAndSet(descriptors, at(slot), state, state - HIT);
    }
  }

  /// Makes the caller the owner of an unpinned slot (S1).
  boolean tryOwn(int slot) {
    int state = (int) STATE.getAcquire(descriptors, at(slot));
    return state >= 0
        && (state & PINS_MASK) == 0
        && STATE.compareAndSet(descriptors, at(slot), state, FREE);
  }

  /// Names the block in an owned slot, pins it once and lets readers in.
  void publish(int slot, long file, long offset, int length, int hits) {
    MemorySegment slotDescriptors = descriptors;
    long at = at(slot);
    slotDescriptors.set(ValueLayout.JAVA_INT, at + LENGTH_OFFSET, length);
    slotDescriptors.set(ValueLayout.JAVA_LONG, at + FILE_OFFSET, file);
    slotDescriptors.set(ValueLayout.JAVA_LONG, at + OFFSET_OFFSET, offset);
    STATE.setRelease(slotDescriptors, at, hits * HIT + PIN);
  }

  /// Puts an owned slot on the free list.
  void pushFree(int slot) {
    descriptors.set(ValueLayout.JAVA_INT, at(slot) + NEXT_OFFSET, freeHead);
    freeHead = slot;
    freeSlots++;
  }

  /// Takes an owned slot from the free list; -1 if there is none.
  int popFree() {
    int slot = freeHead;
    if (slot != FREE) {
      freeSlots--;
      freeHead = descriptors.get(ValueLayout.JAVA_INT, at(slot) + NEXT_OFFSET);
    }
    return slot;
  }

  void poison(int slot) {
    memory.asSlice(base(slot), slotBytes).fill(POISON);
  }

  private static int hits(int state) {
    return state >>> 24;
  }

  private static long at(int slot) {
    return (long) slot * DESCRIPTOR_BYTES;
  }
}
