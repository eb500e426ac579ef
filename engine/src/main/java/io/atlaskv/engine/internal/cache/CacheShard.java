package io.atlaskv.engine.internal.cache;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// One part of the cache: its slabs, its hash table and the clock hands that evict.
///
/// Reads take no lock. Allocation, publication and eviction take the shard's lock for a bounded
/// time, never over reading, decoding or getting memory from the system.
///
/// Eviction is CLOCK with up to three hits a slot. A hand passes over the slots of one size class:
/// slots without hits are evicted, others lose one. Blocks inserted by scans start without hits,
/// and scans neither count hits nor let the hand take any: they evict what nobody uses or give up.
/// Once there is no free room, most of their blocks are not even tried for: a scan that is longer
/// than the cache would otherwise replace its blocks before it comes round to them again, and to
/// decode into memory that was just used for the block before costs less than into a cold slot.
/// When the blocks of one size class are hotter than those of another, memory moves between them
/// slab by slab.
///
/// Invariants:
/// - H1: `usedBytes` counts slabs, descriptors and tables, and stays at or below the budget unless
///   pinned slots keep a shrunk cache from getting there.
/// - H2: every published slot that nobody owns has at most one entry in the table, none but for
///   collisions; an entry may outlive its block only while the slot's owner is about to remove it.
final class CacheShard {
  static final int SLOT_BITS = 10;
  private static final int SLOT_MASK = (1 << SLOT_BITS) - 1;
  private static final int BUCKETS_MIN = 64;
  private static final int SCAN_STEPS_MAX = 64;
  private static final int SELDOM_MASK = 15;
  private static final int STEPS_MAX = 1024;
  private static final int STEAL_CANDIDATES = 16;
  private static final int LARGE = -1;
  private static final int LARGE_STEP = 4 << 10;
  private static final int LARGE_SHARE = 2;

  private final ReentrantLock lock = new ReentrantLock();
  private final Arena arena;
  private final int slabBytes;
  private final int slotBytesMax;
  private final int sizeShift;
  private final boolean poisons;

  private volatile Slab[] slabs = new Slab[0];
  private volatile SlotTable table;

  @GuardedBy("lock")
  private long usedBytes;

  @GuardedBy("lock")
  private int blockCount;

  @GuardedBy("lock")
  private long budgetBytes;

  @GuardedBy("lock")
  private int slabCount;

  @GuardedBy("lock")
  private final ClassState[] classes;

  @GuardedBy("lock")
  private final IntList large = new IntList();

  @GuardedBy("lock")
  private final IntList vacant = new IntList();

  @GuardedBy("lock")
  private int stealHand;

  @GuardedBy("lock")
  private int coolHand;

  @GuardedBy("lock")
  private int seldom;

  @GuardedBy("lock")
  private final AdmissionPolicy admission = new AdmissionPolicy();

  /// @param arena lives as long as the cache; only its own slabs' memory is freed earlier
  /// @param sizeShift slots are smaller than `SizeClasses` says by so many bits
  CacheShard(Arena arena, long budgetBytes, int slabBytes, int sizeShift, boolean poisons) {
    this.arena = arena;
    this.budgetBytes = budgetBytes;
    this.slabBytes = slabBytes;
    this.poisons = poisons;
    this.sizeShift = sizeShift;
    slotBytesMax = slabBytes / 8;
    classes = new ClassState[classOf(slotBytesMax) + 1];
    Arrays.setAll(classes, sizeClass -> new ClassState());
    table = new SlotTable(arena, BUCKETS_MIN);
    usedBytes = table.bytes();
  }

  /// Slabs of one size class.
  private static final class ClassState {
    final IntList slabs = new IntList();
    final IntList withFreeSlots = new IntList();
    int handSlab;
    int handSlot;
    long evictions;
    long steps;
  }

  long usedBytes() {
    lock.lock();
    try {
      return usedBytes;
    } finally {
      lock.unlock();
    }
  }

  int blockCount() {
    lock.lock();
    try {
      return blockCount;
    } finally {
      lock.unlock();
    }
  }

  Slab slabOf(int location) {
    return slabs[location >>> SLOT_BITS];
  }

  static int slotOf(int location) {
    return location & SLOT_MASK;
  }

  /// Location of the block, pinned once, or -1.
  int pin(long hash, long fileNumber, long fileOffset, boolean countHit) {
    SlotTable current = table;
    for (int index = 0; index < 2 * SlotTable.BUCKET_ENTRIES; index++) {
      int location = current.candidate(hash, index);
      if (location >= 0
          && slabOf(location).tryPin(slotOf(location), fileNumber, fileOffset, countHit)) {
        return location;
      }
    }
    return -1;
  }

  /// Location of a slot for `bytes` bytes that the caller now owns, or -1 if there is no room.
  ///
  /// @param hash of the block
  int allocate(long hash, int bytes, Eviction eviction) {
    if (bytes > slotBytesMax) {
      return allocateLarge(hash, bytes, eviction);
    }
    int sizeClass = classOf(bytes);
    int slotBytes = slotBytes(sizeClass);
    long cost = slabBytes + descriptorBytes(slabBytes, slotBytes);
    lock.lock();
    try {
      int location = popFree(sizeClass);
      if (location >= 0) {
        return location;
      }
      if (usedBytes + cost > budgetBytes) {
        return evictFor(hash, sizeClass, eviction);
      }
      usedBytes += cost;
    } finally {
      lock.unlock();
    }
    return addSlab(sizeClass, slotBytes, slabBytes);
  }

  private int classOf(int bytes) {
    return SizeClasses.classOf(bytes << sizeShift);
  }

  private int slotBytes(int sizeClass) {
    return SizeClasses.slotBytes(sizeClass) >> sizeShift;
  }

  private static long descriptorBytes(int slabBytes, int slotBytes) {
    return (long) (slabBytes / slotBytes) * Slab.DESCRIPTOR_BYTES;
  }

  private int allocateLarge(long hash, int bytes, Eviction eviction) {
    long size = ((long) bytes + LARGE_STEP - 1) / LARGE_STEP * LARGE_STEP;
    var released = new ArrayList<Arena>();
    boolean fits;
    lock.lock();
    try {
      long cost = size + Slab.DESCRIPTOR_BYTES;
      fits = cost <= budgetBytes / LARGE_SHARE && size <= Integer.MAX_VALUE;
      if (fits) {
        if (usedBytes + cost > budgetBytes && mayEvictUsed(hash, eviction)) {
          shrinkTo(budgetBytes - cost, released);
        }
        fits = usedBytes + cost <= budgetBytes;
      }
      if (fits) {
        usedBytes += cost;
      }
    } finally {
      lock.unlock();
    }
    released.forEach(Arena::close);
    return fits ? addSlab(LARGE, (int) size, (int) size) : -1;
  }

  /// Gets memory for a slab that is already counted, with its descriptors, and takes its first
  /// slot.
  private int addSlab(int sizeClass, int slotBytes, int bytes) {
    long descriptors = descriptorBytes(bytes, slotBytes);
    Arena slabArena = Arena.ofShared();
    MemorySegment memory;
    try {
      memory = slabArena.allocate(bytes, Long.BYTES);
    } catch (OutOfMemoryError e) {
      slabArena.close();
      lock.lock();
      try {
        usedBytes -= bytes + descriptors;
      } finally {
        lock.unlock();
      }
      return -1;
    }
    lock.lock();
    try {
      int index = vacant.isEmpty() ? newSlabIndex() : vacant.removeLast();
      usedBytes -= descriptors; // an index that was used before may have them already
      enlist(index, slabArena, memory, sizeClass, slotBytes);
      int location = location(index, slabs[index].popFree());
      trim();
      return location;
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private int newSlabIndex() {
    Slab[] current = slabs;
    if (slabCount == current.length) {
      current = Arrays.copyOf(current, Math.max(16, 2 * slabCount));
    }
    current[slabCount] = new Slab(arena, SizeClasses.SLOT_BYTES_MIN >> sizeShift);
    slabs = current;
    return slabCount++;
  }

  @GuardedBy("lock")
  private void enlist(
      int index, Arena slabArena, MemorySegment memory, int sizeClass, int slotBytes) {
    Slab slab = slabs[index];
    usedBytes += slab.assign(slabArena, memory, sizeClass, slotBytes);
    if (sizeClass == LARGE) {
      large.add(index);
    } else {
      classes[sizeClass].slabs.add(index);
      classes[sizeClass].withFreeSlots.add(index);
      slab.listedFree(true);
    }
  }

  @GuardedBy("lock")
  private int popFree(int sizeClass) {
    IntList free = classes[sizeClass].withFreeSlots;
    while (!free.isEmpty()) {
      int index = free.last();
      int slot = slabs[index].popFree();
      if (slot != Slab.FREE) {
        return location(index, slot);
      }
      slabs[index].listedFree(false);
      free.removeLast();
    }
    return -1;
  }

  /// Makes the block in an owned slot known. Returns its location, pinned once: another one if
  /// somebody else has inserted the block in the meantime.
  int publish(
      int location, long hash, long fileNumber, long fileOffset, int length, boolean isScan) {
    lock.lock();
    try {
      int present = pin(hash, fileNumber, fileOffset, false);
      if (present >= 0) {
        giveBack(location);
        return present;
      }
      slabOf(location).publish(slotOf(location), fileNumber, fileOffset, length, isScan ? 0 : 1);
      blockCount++;
      if (blockCount * 2 > table.capacity()) {
        growTable();
      }
      if (!table.add(hash, location)) {
        replaceAnEntry(hash, location);
      }
      return location;
    } finally {
      lock.unlock();
    }
  }

  /// Both buckets are full, which is rare: the first unpinned block in them gives way. If there is
  /// none, the new block is found by nobody and goes when the hand comes.
  @GuardedBy("lock")
  private void replaceAnEntry(long hash, int location) {
    for (int index = 0; index < 2 * SlotTable.BUCKET_ENTRIES; index++) {
      int occupant = table.occupant(hash, index);
      if (slabOf(occupant).tryOwn(slotOf(occupant))) {
        table.put(hash, index, location);
        blockCount--;
        giveBack(occupant);
        return;
      }
    }
  }

  /// Doubles the table. The old one stays in memory until the cache closes, for readers that are
  /// still in it: all old ones together are smaller than the new one.
  @GuardedBy("lock")
  private void growTable() {
    var grown = new SlotTable(arena, table.capacity() / SlotTable.BUCKET_ENTRIES * 2);
    for (int index = 0; index < slabCount; index++) {
      Slab slab = slabs[index];
      for (int slot = 0; slot < slab.slots(); slot++) {
        if (!slab.isFree(slot)) {
          long hash = SlotTable.hash(slab.fileNumber(slot), slab.fileOffset(slot));
          int location = location(index, slot);
          if (isListed(hash, location)) {
            grown.add(hash, location);
          }
        }
      }
    }
    usedBytes += grown.bytes();
    table = grown;
    trim();
  }

  /// Frees slabs after something other than a slab has grown past the budget, which is rare.
  @GuardedBy("lock")
  private void trim() {
    var released = new ArrayList<Arena>();
    shrinkTo(budgetBytes, released);
    released.forEach(Arena::close);
  }

  @GuardedBy("lock")
  private boolean isListed(long hash, int location) {
    for (int index = 0; index < 2 * SlotTable.BUCKET_ENTRIES; index++) {
      if (table.candidate(hash, index) == location) {
        return true;
      }
    }
    return false;
  }

  /// Gives back an owned slot that holds nothing.
  void abandon(int location) {
    lock.lock();
    try {
      giveBack(location);
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void giveBack(int location) {
    int index = location >>> SLOT_BITS;
    Slab slab = slabs[index];
    if (poisons) {
      slab.poison(slotOf(location));
    }
    slab.pushFree(slotOf(location));
    if (slab.sizeClass() != LARGE && !slab.isListedFree()) {
      slab.listedFree(true);
      classes[slab.sizeClass()].withFreeSlots.add(index);
    }
  }

  /// Removes the block of a slot that the caller has just come to own.
  @GuardedBy("lock")
  private void forget(int location) {
    Slab slab = slabOf(location);
    int slot = slotOf(location);
    table.remove(SlotTable.hash(slab.fileNumber(slot), slab.fileOffset(slot)), location);
    blockCount--;
    if (poisons) {
      slab.poison(slot);
    }
  }

  /// Whether the block may take the place of one that is used.
  @GuardedBy("lock")
  private boolean mayEvictUsed(long hash, Eviction eviction) {
    return eviction == Eviction.COLDEST
        || (eviction == Eviction.COLDEST_IF_ADMITTED && admission.admits(hash, blockCount));
  }

  @GuardedBy("lock")
  private int evictFor(long hash, int sizeClass, Eviction eviction) {
    ClassState state = classes[sizeClass];
    if (eviction == Eviction.SELDOM && (seldom++ & SELDOM_MASK) != 0) {
      return -1;
    }
    if (!mayEvictUsed(hash, eviction)) {
      return eviction == Eviction.COLDEST_IF_ADMITTED || state.slabs.isEmpty()
          ? -1
          : evictUnused(state);
    }
    if (state.slabs.isEmpty()) {
      return steal(sizeClass, 0);
    }
    int location = evictByClock(state);
    if (location >= 0) {
      state.evictions++;
      if (state.evictions >= slabBytes / slotBytes(sizeClass)) {
        double coldShare = (double) state.evictions / Math.max(1, state.steps);
        state.evictions = 0;
        state.steps = 0;
        rebalance(sizeClass, coldShare + 0.25);
      }
    }
    return location;
  }

  @GuardedBy("lock")
  private int evictByClock(ClassState state) {
    int warm = -1;
    int warmHits = Integer.MAX_VALUE;
    for (int step = 0; step < STEPS_MAX; step++) {
      int location = advance(state);
      state.steps++;
      Slab slab = slabOf(location);
      int hits = slab.evictableHits(slotOf(location));
      if (hits == 0 && slab.tryOwn(slotOf(location))) {
        forget(location);
        return location;
      }
      if (hits > 0) {
        slab.cool(slotOf(location));
        if (hits < warmHits) {
          warm = location;
          warmHits = hits;
        }
      }
    }
    if (warm >= 0 && slabOf(warm).tryOwn(slotOf(warm))) {
      forget(warm);
      return warm;
    }
    return -1;
  }

  @GuardedBy("lock")
  private int evictUnused(ClassState state) {
    for (int step = 0; step < SCAN_STEPS_MAX; step++) {
      int location = advance(state);
      Slab slab = slabOf(location);
      if (slab.evictableHits(slotOf(location)) == 0 && slab.tryOwn(slotOf(location))) {
        forget(location);
        return location;
      }
    }
    return -1;
  }

  @GuardedBy("lock")
  private int advance(ClassState state) {
    if (state.handSlab >= state.slabs.size()) {
      state.handSlab = 0;
      state.handSlot = 0;
    }
    int index = state.slabs.at(state.handSlab);
    int slot = state.handSlot++;
    if (state.handSlot >= slabs[index].slots()) {
      state.handSlot = 0;
      state.handSlab++;
    }
    return location(index, slot);
  }

  /// Moves one slab to this class from a class whose slab is colder than `coldShareMin`. If there
  /// is none, one of the others ages: no hand passes over blocks of a size that nobody asks for.
  @GuardedBy("lock")
  private void rebalance(int sizeClass, double coldShareMin) {
    if (coldShareMin < 1) {
      int location = steal(sizeClass, coldShareMin);
      if (location >= 0) {
        giveBack(location);
      } else {
        coolHand = (coolHand + 1) % slabCount;
        cool(slabs[coolHand], sizeClass);
      }
    }
  }

  private static void cool(Slab slab, int sizeClass) {
    if (slab.sizeClass() == sizeClass) {
      return;
    }
    for (int slot = 0; slot < slab.slots(); slot++) {
      if (slab.evictableHits(slot) > 0) {
        slab.cool(slot);
      }
    }
  }

  /// Takes the coldest of the next few slabs of other classes, if it is cold enough.
  @GuardedBy("lock")
  private int steal(int sizeClass, double coldShareMin) {
    int coldest = -1;
    double coldestShare = coldShareMin;
    for (int tries = 0; tries < Math.min(STEAL_CANDIDATES, slabCount); tries++) {
      int index = stealHand++ % slabCount;
      stealHand %= slabCount;
      Slab slab = slabs[index];
      if (slab.slots() > 0 && slab.sizeClass() != sizeClass && slab.sizeClass() != LARGE) {
        double share = coldShare(slab);
        if (share >= coldestShare) {
          coldest = index;
          coldestShare = share;
        }
      }
    }
    if (coldest < 0 || !evacuate(coldest)) {
      return -1;
    }
    Slab slab = slabs[coldest];
    MemorySegment memory = slab.memory();
    Arena slabArena = slab.detachMemory();
    enlist(coldest, slabArena, memory, sizeClass, slotBytes(sizeClass));
    int location = location(coldest, slab.popFree());
    trim();
    return location;
  }

  private static double coldShare(Slab slab) {
    int cold = 0;
    for (int slot = 0; slot < slab.slots(); slot++) {
      if (slab.isFree(slot) || slab.evictableHits(slot) == 0) {
        cold++;
      }
    }
    return (double) cold / slab.slots();
  }

  /// Makes the lock holder the owner of all slots of a slab and takes it out of its class. False if
  /// a slot is pinned or being filled; the others are then free slots.
  @GuardedBy("lock")
  private boolean evacuate(int index) {
    Slab slab = slabs[index];
    for (int slot = 0; slot < slab.slots(); slot++) {
      if (slab.tryOwn(slot)) {
        int location = location(index, slot);
        forget(location);
        giveBack(location);
      }
    }
    if (slab.freeSlots() < slab.slots()) {
      return false;
    }
    if (slab.sizeClass() == LARGE) {
      large.removeValue(index);
    } else {
      ClassState state = classes[slab.sizeClass()];
      state.slabs.removeValue(index);
      state.withFreeSlots.removeValue(index);
      slab.listedFree(false);
    }
    return true;
  }

  /// Changes the budget; frees slabs at once as far as pins allow.
  void resize(long newBudgetBytes) {
    var released = new ArrayList<Arena>();
    lock.lock();
    try {
      budgetBytes = newBudgetBytes;
      shrinkTo(newBudgetBytes, released);
    } finally {
      lock.unlock();
    }
    released.forEach(Arena::close);
  }

  @GuardedBy("lock")
  private void shrinkTo(long bytes, List<Arena> released) {
    for (int tries = 0; tries < 2 * slabCount && usedBytes > bytes; tries++) {
      int index = stealHand++ % slabCount;
      stealHand %= slabCount;
      Slab slab = slabs[index];
      if (slab.slots() > 0 && evacuate(index)) {
        release(index, released);
      }
    }
  }

  /// Evicts the unpinned blocks of a file, one slab at a time, and frees slabs that this empties.
  void evictFile(long fileNumber) {
    var released = new ArrayList<Arena>();
    for (int index = 0; index < slabs.length; index++) {
      lock.lock();
      try {
        if (index < slabCount && evictFile(index, fileNumber) && evacuate(index)) {
          release(index, released);
        }
      } finally {
        lock.unlock();
      }
    }
    released.forEach(Arena::close);
  }

  /// True if the slab became empty.
  @GuardedBy("lock")
  private boolean evictFile(int index, long fileNumber) {
    Slab slab = slabs[index];
    boolean wasEvicted = false;
    for (int slot = 0; slot < slab.slots(); slot++) {
      if (!slab.isFree(slot) && slab.fileNumber(slot) == fileNumber && slab.tryOwn(slot)) {
        int location = location(index, slot);
        forget(location);
        giveBack(location);
        wasEvicted = true;
      }
    }
    return wasEvicted && slab.freeSlots() == slab.slots();
  }

  /// Takes the memory of an evacuated slab away, to be freed without the lock.
  @GuardedBy("lock")
  private void release(int index, List<Arena> released) {
    Slab slab = slabs[index];
    usedBytes -= slab.memory().byteSize();
    released.add(slab.detachMemory());
    vacant.add(index);
  }

  /// Frees all slab memory; nobody may use the cache any more.
  void close() {
    lock.lock();
    try {
      for (int index = 0; index < slabCount; index++) {
        if (slabs[index].slots() > 0) {
          slabs[index].detachMemory().close();
        }
      }
      usedBytes = 0;
      blockCount = 0;
    } finally {
      lock.unlock();
    }
  }

  private static int location(int slabIndex, int slot) {
    return slabIndex << SLOT_BITS | slot;
  }
}
