package io.atlaskv.engine.internal.compaction;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.internal.base.RangeTombstone;
import io.atlaskv.engine.internal.base.RangeTombstones;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// The live snapshots as the borders between stripes of sequences. Versions of one key in the same
/// stripe are told apart by nobody: only the newest of them is needed.
///
/// ```
/// snapshots          10          20
/// sequences   1 .. 10 | 11 .. 20 | 21 ..
/// stripe         0         1         2
/// ```
final class Snapshots {
  private final long[] ascending;

  Snapshots(Collection<Long> snapshots) {
    ascending = snapshots.stream().mapToLong(Long::longValue).sorted().distinct().toArray();
  }

  /// Number of snapshots older than `sequence`. In stripe 0 are the sequences that all see.
  int stripe(long sequence) {
    int stripe = 0;
    while (stripe < ascending.length && ascending[stripe] < sequence) {
      stripe++;
    }
    return stripe;
  }

  /// The stripe of sequences that no snapshot sees.
  int lastStripe() {
    return ascending.length;
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
      int lastStripe = -1;
      for (int i = 0; i < tombstones.sequenceCount(fragment); i++) {
        long sequence = tombstones.sequence(fragment, i);
        int stripe = stripe(sequence);
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
