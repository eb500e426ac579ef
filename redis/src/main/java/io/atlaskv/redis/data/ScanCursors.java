package io.atlaskv.redis.data;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.internal.io.RandomSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Bounded table from the numbers that clients get as SCAN cursors to the keys where they resume.
/// Any thread may use it.
///
/// Invariants:
/// - C1: a number that is unknown, because later ones took its place or another process gave it
///   out, begins its scan again: that may see keys twice, never miss one.
/// - C2: a number stands for one place as long as it is known.
/// - C3: `heldBytes` is that of all entries, and at most the bound, one entry apart.
public final class ScanCursors {
  private static final long BYTES_MAX = 8L << 20;
  private static final int ENTRY_BYTES = 200; // in both maps, the key itself apart

  // the first number: what an earlier process gave out is met by no chance that counts, and the
  // numbers fit those that hold 53 bits, as in JavaScript
  private static final long FIRST_MASK = (1L << 48) - 1;

  /// Where a scan goes on. Comparable, so that keys chosen to collide cost a map no more than
  /// others.
  private record Place(int namespace, Bytes lastKey) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      int order = Integer.compare(namespace, other.namespace);
      return order == 0 ? lastKey.compareTo(other.lastKey) : order;
    }

    long heldBytes() {
      return (long) ENTRY_BYTES + lastKey.length();
    }
  }

  private final long bytesMax;
  private final LinkedHashMap<Long, Place> places = new LinkedHashMap<>(); // oldest first
  private final Map<Place, Long> numbers = new HashMap<>();
  private long heldBytes;
  private long last;

  public ScanCursors(RandomSource random) {
    this(random, BYTES_MAX);
  }

  ScanCursors(RandomSource random, long bytesMax) {
    this.bytesMax = bytesMax;
    last = random.nextLong() & FIRST_MASK;
  }

  /// Remembers the last key a scan has seen; returns the cursor, never 0. Two scans that have come
  /// to the same key share it.
  public synchronized long remember(int namespace, byte[] key) {
    var place = new Place(namespace, Bytes.of(key));
    Long known = numbers.get(place);
    if (known != null) {
      places.putLast(known, place);
      return known;
    }
    long number = ++last;
    numbers.put(place, number);
    places.put(number, place);
    heldBytes += place.heldBytes();
    while (heldBytes > bytesMax && places.size() > 1) {
      Place oldest = places.pollFirstEntry().getValue();
      numbers.remove(oldest);
      heldBytes -= oldest.heldBytes();
    }
    return number;
  }

  /// The key that the scan of this database goes on after; null = begin anew.
  public synchronized byte @Nullable [] resumeAfter(int namespace, long cursor) {
    Place place = places.get(cursor);
    return place != null && place.namespace == namespace ? place.lastKey.toArray() : null;
  }

  /// Heap that the table takes, about.
  synchronized long heldBytes() {
    return heldBytes;
  }
}
