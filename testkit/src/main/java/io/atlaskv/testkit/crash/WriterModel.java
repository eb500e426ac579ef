package io.atlaskv.testkit.crash;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What one writer's keys must look like, life after life of the server.
///
/// Invariants:
/// - I1: `owner[slot]` is the operation whose value the slot shows, or [#ABSENT], as of the last
///   agreed state.
/// - I2: operations are numbered without gaps over all lives; those between the agreed cut and the
///   first of the next life never happened, and must never show.
final class WriterModel {
  private static final long ABSENT = -1;

  private final OperationStream stream;
  private final long[] owner;
  private long firstOfLife;

  WriterModel(OperationStream stream) {
    this.stream = stream;
    owner = new long[stream.slots()];
    Arrays.fill(owner, ABSENT);
  }

  OperationStream stream() {
    return stream;
  }

  /// Number of the first operation that the next life sends.
  long firstOfLife() {
    return firstOfLife;
  }

  int liveKeys() {
    return (int) Arrays.stream(owner).filter(index -> index != ABSENT).count();
  }

  /// Compares what the server shows with what it may show, and takes it over as the agreed state.
  ///
  /// @param acknowledged number of the first operation of this life without a reply
  /// @param sent number of the first operation that was not sent
  /// @param shown value per slot, null where the key is absent
  List<Finding> agree(long acknowledged, long sent, List<@Nullable String> shown) {
    for (long index = firstOfLife; index < acknowledged; index++) {
      apply(index);
    }
    var findings = new ArrayList<Finding>();
    int unknown = (int) (sent - acknowledged);
    Map<Integer, BitSet> cuts = possibleCuts(acknowledged, unknown, shown);
    for (int slot = 0; slot < owner.length; slot++) {
      var possible = cuts.get(slot);
      if (possible == null ? origin(shown, slot) != owner[slot] : possible.isEmpty()) {
        findings.add(judge(slot, acknowledged, shown.get(slot)));
      }
    }
    if (findings.isEmpty()) {
      findings.addAll(advance(acknowledged, unknown, cuts));
    }
    firstOfLife = sent;
    return findings;
  }

  private void apply(long index) {
    var operation = stream.at(index);
    long after = operation.kind() == Operation.Kind.DELETE ? ABSENT : index;
    owner[operation.slot()] = after;
    owner[operation.otherSlot()] = after;
  }

  /// For each slot that an operation of unknown fate touches: after how many of these operations
  /// the slot looks as shown.
  private Map<Integer, BitSet> possibleCuts(
      long acknowledged, int unknown, List<@Nullable String> shown) {
    var cuts = new HashMap<Integer, BitSet>();
    for (int i = 0; i < unknown; i++) {
      var operation = stream.at(acknowledged + i);
      for (int slot : new int[] {operation.slot(), operation.otherSlot()}) {
        cuts.computeIfAbsent(slot, _ -> new BitSet(unknown + 1));
      }
    }
    cuts.forEach((slot, possible) -> {
      long current = owner[slot];
      long wanted = origin(shown, slot);
      for (int cut = 0; cut <= unknown; cut++) {
        if (cut > 0) {
          var operation = stream.at(acknowledged + cut - 1);
          if (operation.slot() == slot || operation.otherSlot() == slot) {
            current = operation.kind() == Operation.Kind.DELETE ? ABSENT : acknowledged + cut - 1;
          }
        }
        possible.set(cut, current == wanted);
      }
    });
    return cuts;
  }

  private List<Finding> advance(long acknowledged, int unknown, Map<Integer, BitSet> cuts) {
    var common = new BitSet(unknown + 1);
    common.set(0, unknown + 1);
    cuts.values().forEach(common::and);
    if (common.isEmpty()) {
      return List.of(
          new Finding(
              Finding.Kind.HOLE,
              "no state after "
                  + acknowledged
                  + " to "
                  + (acknowledged + unknown)
                  + " operations has these values: "
                  + cuts));
    }
    int cut = common.nextSetBit(0);
    for (int i = 0; i < cut; i++) {
      apply(acknowledged + i);
    }
    return List.of();
  }

  /// The operation the shown value is from, [#ABSENT], or something no operation is numbered.
  private long origin(List<@Nullable String> shown, int slot) {
    var value = shown.get(slot);
    if (value == null) {
      return ABSENT;
    }
    long origin = stream.origin(value, slot);
    return origin < 0 ? Long.MIN_VALUE : origin;
  }

  private Finding judge(int slot, long acknowledged, @Nullable String value) {
    var key = stream.key(slot);
    if (value == null) {
      return new Finding(
          Finding.Kind.LOST, key + ": set by operation " + owner[slot] + ", now absent");
    }
    long origin = stream.origin(value, slot);
    if (origin < 0) {
      return new Finding(Finding.Kind.CORRUPT, key + ": nobody wrote " + value);
    }
    var detail =
        key
            + ": shows operation "
            + origin
            + ", acknowledged through "
            + acknowledged
            + ", expected "
            + (owner[slot] == ABSENT ? "absence" : "operation " + owner[slot]);
    boolean isOlder = owner[slot] != ABSENT && origin < owner[slot];
    return new Finding(isOlder ? Finding.Kind.LOST : Finding.Kind.RESURRECTED, detail);
  }
}
