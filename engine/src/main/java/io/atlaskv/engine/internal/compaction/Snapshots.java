package io.atlaskv.engine.internal.compaction;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.internal.base.RangeTombstone;
import io.atlaskv.engine.internal.base.RangeTombstones;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/// The live snapshots as the borders between stripes of sequences. Versions of one key in the same
/// stripe are told apart by nobody: only the newest of them is needed. Where history is kept, each
/// sequence from its floor on counts as a live snapshot.
///
/// ```
/// snapshots          10          20                     floor 15, snapshot 10
/// sequences   1 .. 10 | 11 .. 20 | 21 ..                1 .. 10 | 11 .. 15 | 16 | 17 | 18 | ..
/// stripe         0         1         2                     0         1       2    3    4
/// ```
public final class Snapshots {
  /// The floor where no history is kept.
  public static final long NO_HISTORY = Long.MAX_VALUE;

  /// Nobody needs more than the newest version.
  public static final Snapshots NONE = new Snapshots(new long[0], NO_HISTORY);

  private static final long NO_STRIPE = -1;

  private final long[] ascending;
  private final long floor;
  private final int belowFloor; // snapshots

  private Snapshots(long[] ascending, long floor) {
    this.ascending = ascending;
    this.floor = floor;
    this.belowFloor = older(floor);
  }

  /// Of live snapshots in any order.
  public static Snapshots of(Collection<Long> snapshots) {
    return of(snapshots.stream().mapToLong(Long::longValue).toArray(), NO_HISTORY);
  }

  /// Of live snapshots in any order, and all sequences from `floor` on.
  public static Snapshots of(long[] snapshots, long floor) {
    return new Snapshots(Arrays.stream(snapshots).sorted().distinct().toArray(), floor);
  }

  /// The floor of history, or `NO_HISTORY`.
  long floor() {
    return floor;
  }

  private int older(long sequence) {
    int at = Arrays.binarySearch(ascending, sequence); // no two are the same
    return at < 0 ? -at - 1 : at;
  }

  /// Number of snapshots older than `sequence`. In stripe 0 are the sequences that all see.
  long stripe(long sequence) {
    return sequence <= floor ? older(sequence) : belowFloor + (sequence - floor);
  }

  /// The stripe of sequences that no snapshot sees, not counting what is kept for its history
  /// alone; none has the answer if there is no such stripe.
  long lastStripe() {
    return belowFloor == ascending.length ? belowFloor : NO_STRIPE;
  }

  /// True if every live snapshot sees everything up to `sequence`, so that only the newest version
  /// of what it covers is needed.
  boolean areAllFrom(long sequence) {
    return floor >= sequence && (ascending.length == 0 || ascending[0] >= sequence);
  }

  /// True if a live snapshot sees `from`, but not `to`, which is larger.
  boolean anyIn(long from, long to) {
    int at = older(from);
    return to > floor || (at < ascending.length && ascending[at] < to);
  }

  /// What of range tombstones is needed: of each fragment the newest one in each stripe.
  ///
  /// @param dropsSeenByAll true if nothing is left that a tombstone in stripe 0 could hide
  RangeTombstones needed(RangeTombstones tombstones, boolean dropsSeenByAll) {
    if (tombstones.isEmpty()) {
      return tombstones;
    }
    List<RangeTombstone> needed = new ArrayList<>();
    for (int fragment = 0; fragment < tombstones.fragments(); fragment++) {
      long lastStripe = NO_STRIPE;
      for (int i = 0; i < tombstones.sequenceCount(fragment); i++) {
        long sequence = tombstones.sequence(fragment, i);
        long stripe = stripe(sequence);
        if (stripe != lastStripe && !(stripe == 0 && dropsSeenByAll)) {
          needed.add(
              new RangeTombstone(
                  Bytes.of(tombstones.start(fragment)),
                  Bytes.of(tombstones.end(fragment)),
                  sequence));
        }
        lastStripe = stripe;
      }
    }
    return RangeTombstones.ofList(needed);
  }
}
