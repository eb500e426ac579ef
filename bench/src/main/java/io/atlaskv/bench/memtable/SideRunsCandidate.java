package io.atlaskv.bench.memtable;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Rejected: hash for point operations; new keys gather in a small unsorted tail, which becomes a
/// sorted run when it is full; runs of about equal size are merged at once. A seek looks at the
/// tail and at every run.
final class SideRunsCandidate implements Candidate {
  private static final int TAIL = 64;
  private static final int RUNS_MAX = 40;

  private final HashLog log;
  private final int skip;
  private final long[] tailKeys = new long[TAIL];
  private final int[] tail = new int[TAIL];
  private int tailCount;

  // Runs, largest first: 8 bytes of each key, and the record.
  private final long[][] runKeys = new long[RUNS_MAX][];
  private final int[][] runs = new int[RUNS_MAX][];
  private int runCount;
  private final int[] positions = new int[RUNS_MAX + 1];

  SideRunsCandidate(long bytes, long slots, int skip) {
    log = new HashLog(bytes, slots);
    this.skip = skip;
  }

  @Override
  public void put(
      long sequence, MemorySegment batch, long keyOffset, int keyLength, int valueLength) {
    long record = log.put(0, sequence, batch, keyOffset, keyLength, valueLength);
    if (record < 0) {
      return;
    }
    tailKeys[tailCount] = log.prefix8(record, skip);
    tail[tailCount++] = (int) (record / 8);
    if (tailCount == TAIL) {
      sortTail();
      addRun(tailKeys.clone(), tail.clone());
      tailCount = 0;
    }
  }

  @Override
  public int get(byte[] key) {
    return log.get(key);
  }

  @Override
  public int seek(byte[] key, int count) {
    sortTail();
    runKeys[runCount] = tailKeys;
    runs[runCount] = tail;
    for (int i = 0; i <= runCount; i++) {
      positions[i] = lowerBound(i, i == runCount ? tailCount : runs[i].length, key);
    }
    int read = 0;
    while (read < count) {
      int least = -1;
      for (int i = 0; i <= runCount; i++) {
        int length = i == runCount ? tailCount : runs[i].length;
        if (positions[i] < length && (least < 0 || isBefore(i, least))) {
          least = i;
        }
      }
      if (least < 0 || log.valueLength(record(runs[least][positions[least]])) == 0) {
        break;
      }
      positions[least]++;
      read++;
    }
    return read;
  }

  @Override
  public long bytes() {
    long bytes = log.bytes();
    for (int i = 0; i < runCount; i++) {
      bytes += 12L * runs[i].length;
    }
    return bytes;
  }

  @Override
  public void close() {
    log.close();
  }

  private boolean isBefore(int left, int right) {
    return compare(
            runKeys[left][positions[left]],
            runs[left][positions[left]],
            runKeys[right][positions[right]],
            runs[right][positions[right]])
        < 0;
  }

  private int lowerBound(int run, int length, byte[] key) {
    int low = 0;
    int high = length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (log.compare(key, record(runs[run][middle])) > 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void sortTail() {
    for (int i = 1; i < tailCount; i++) {
      long key = tailKeys[i];
      int record = tail[i];
      int j = i - 1;
      for (; j >= 0 && compare(tailKeys[j], tail[j], key, record) > 0; j--) {
        tailKeys[j + 1] = tailKeys[j];
        tail[j + 1] = tail[j];
      }
      tailKeys[j + 1] = key;
      tail[j + 1] = record;
    }
  }

  private void addRun(long[] keys, int[] records) {
    long[] mergedKeys = keys;
    int[] merged = records;
    while (runCount > 0 && runs[runCount - 1].length <= 2 * merged.length) {
      runCount--;
      long[] otherKeys = runKeys[runCount];
      int[] other = runs[runCount];
      long[] allKeys = new long[merged.length + other.length];
      int[] all = new int[allKeys.length];
      for (int to = 0, i = 0, j = 0; to < all.length; to++) {
        boolean isLeft =
            j == other.length
                || (i < merged.length
                    && compare(mergedKeys[i], merged[i], otherKeys[j], other[j]) < 0);
        allKeys[to] = isLeft ? mergedKeys[i] : otherKeys[j];
        all[to] = isLeft ? merged[i++] : other[j++];
      }
      mergedKeys = allKeys;
      merged = all;
    }
    runKeys[runCount] = mergedKeys;
    runs[runCount++] = merged;
    Arrays.fill(positions, 0);
  }

  private int compare(long leftKey, int left, long rightKey, int right) {
    int order = Long.compareUnsigned(leftKey, rightKey);
    return order != 0 ? order : log.compare(record(left), record(right));
  }

  private static long record(int reference) {
    return (reference & 0xffffffffL) * 8;
  }
}
