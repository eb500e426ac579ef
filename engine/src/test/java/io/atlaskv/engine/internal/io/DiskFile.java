package io.atlaskv.engine.internal.io;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Content of one file on the simulated disk: what programs see, and what a crash may leave of it.
///
/// Model: a disk writes 512-byte sectors whole. Each sector, and the size, may be in any state it
/// had since the last sync, independently of all others: lost, torn between sectors, reordered, or
/// an old state of a rewritten sector. Sectors inside the size that were never safe are zeroes.
///
/// Sectors are immutable arrays, `null` for zeroes, so that copies share them.
final class DiskFile {
  static final int SECTOR_BYTES = 512;

  private final int id;
  private byte @Nullable [][] sectors;
  private boolean isShared; // the array, with a copy: to be cloned before a change
  private final SortedMap<Integer, Versions<byte @Nullable []>> unsafe = new TreeMap<>();
  private Versions<Long> sizes;

  DiskFile(int id) {
    this.id = id;
    sectors = new byte[0][];
    sizes = new Versions<>(0L);
  }

  int id() {
    return id;
  }

  long size() {
    return sizes.newest();
  }

  /// Bytes this file takes of the device.
  long allocatedBytes() {
    return roundUp(size());
  }

  static long roundUp(long bytes) {
    return (bytes + SECTOR_BYTES - 1) / SECTOR_BYTES * SECTOR_BYTES;
  }

  DiskFile copy() {
    var copy = new DiskFile(id);
    copy.share(this);
    copy.sizes = sizes.copy();
    for (Map.Entry<Integer, Versions<byte @Nullable []>> entry : unsafe.entrySet()) {
      copy.unsafe.put(entry.getKey(), entry.getValue().copy());
    }
    return copy;
  }

  private void share(DiskFile source) {
    sectors = source.sectors;
    isShared = true;
    source.isShared = true;
  }

  int read(long position, ByteBuffer target) {
    int wanted = Math.clamp(size() - position, 0, target.remaining());
    long at = position;
    int rest = wanted;
    while (rest > 0) {
      int within = (int) (at % SECTOR_BYTES);
      int count = Math.min(rest, SECTOR_BYTES - within);
      byte[] sector = sector((int) (at / SECTOR_BYTES));
      target.put(sector == null ? new byte[SECTOR_BYTES] : sector, within, count);
      at += count;
      rest -= count;
    }
    return wanted;
  }

  private byte @Nullable [] sector(int index) {
    return index < sectors.length ? sectors[index] : null;
  }

  void write(int operation, long position, byte[] bytes) {
    int done = 0;
    while (done < bytes.length) {
      long at = position + done;
      int within = (int) (at % SECTOR_BYTES);
      int count = Math.min(bytes.length - done, SECTOR_BYTES - within);
      int index = (int) (at / SECTOR_BYTES);
      byte[] old = sector(index);
      byte[] changed = old == null ? new byte[SECTOR_BYTES] : old.clone();
      System.arraycopy(bytes, done, changed, within, count);
      boolean isSame = old == null ? isZero(changed) : Arrays.equals(old, changed);
      var versions = unsafe.get(index);
      boolean isForfeited = versions != null && !versions.isPromotable();
      if (!isSame || isForfeited) { // a write makes a page dirty again, whatever it writes
        change(operation, index, changed);
      }
      done += count;
    }
    extend(operation, position + bytes.length);
  }

  private static boolean isZero(byte[] bytes) {
    for (byte b : bytes) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private void change(int operation, int index, byte[] changed) {
    if (index >= sectors.length) {
      sectors = Arrays.copyOf(sectors, Math.max(index + 1, 2 * sectors.length));
    } else if (isShared) {
      sectors = sectors.clone();
    }
    isShared = false;
    byte[] old = sectors[index];
    unsafe.computeIfAbsent(index, _ -> new Versions<>(old)).add(operation, changed);
    sectors[index] = changed;
  }

  /// Makes the file at least `bytes` long; what is new is zeroes.
  void extend(int operation, long bytes) {
    if (bytes > size()) {
      sizes.add(operation, bytes);
    }
  }

  void sync() {
    unsafe.values().removeIf(Versions::isPromotable);
    if (sizes.isPromotable()) {
      sizes = new Versions<>(size());
    }
  }

  void failSync() {
    unsafe.values().forEach(Versions::forfeit);
    sizes.forfeit();
  }

  /// How many states a crash may leave; at most `limit` is counted.
  long crashStateCount(long limit) {
    long states = sizes.count();
    for (Versions<byte @Nullable []> versions : unsafe.values()) {
      states *= versions.count();
      if (states >= limit) {
        return limit;
      }
    }
    return states;
  }

  /// What is left after a crash, all of it safe.
  DiskFile afterCrash(Choices choices, String name, StringBuilder lost) {
    int sizeChoice = sizes.choose(choices);
    long size = sizes.state(sizeChoice);
    var left = new DiskFile(id);
    left.sizes = new Versions<>(size);
    if (unsafe.isEmpty() && size == size()) {
      left.share(this);
      return left;
    }
    left.sectors = Arrays.copyOf(sectors, (int) Math.min(sectors.length, sectorCount(size)));
    if (sizeChoice < sizes.count() - 1) {
      lost.append("; ").append(name).append(" has ").append(size).append(" of ").append(size());
    }
    int older = 0;
    for (Map.Entry<Integer, Versions<byte @Nullable []>> entry : unsafe.entrySet()) {
      int index = entry.getKey();
      if (index >= left.sectors.length) {
        break;
      }
      int choice = entry.getValue().choose(choices);
      left.sectors[index] = entry.getValue().state(choice);
      if (choice < entry.getValue().count() - 1) {
        lost.append(older++ == 0 ? "; " + name + " lost sectors " : ",").append(index);
      }
    }
    left.clearBeyondSize();
    return left;
  }

  private static long sectorCount(long bytes) {
    return roundUp(bytes) / SECTOR_BYTES;
  }

  private void clearBeyondSize() {
    int within = (int) (size() % SECTOR_BYTES);
    int last = (int) (size() / SECTOR_BYTES);
    byte[] sector = sector(last);
    if (within != 0 && sector != null) {
      byte[] cut = new byte[SECTOR_BYTES];
      System.arraycopy(sector, 0, cut, 0, within);
      sectors[last] = cut;
    }
  }

  /// All bytes, as programs see them.
  byte[] contents() {
    ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(size()));
    read(0, all);
    return all.array();
  }

  /// Replaces all content by bytes that are safe.
  void replace(byte[] bytes) {
    sectors = new byte[0][];
    isShared = false;
    unsafe.clear();
    sizes = new Versions<>(0L);
    write(-1, 0, bytes);
    sync();
  }
}
