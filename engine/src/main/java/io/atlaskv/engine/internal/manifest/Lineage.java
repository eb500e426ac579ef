package io.atlaskv.engine.internal.manifest;

import io.atlaskv.engine.internal.io.RandomSource;
import java.util.List;
import java.util.stream.Stream;

/// Where a store went its own way. Copies of a store have its identity and its sequences, so from
/// the moment of copying a sequence says nothing without the copy it belongs to: two stores that
/// were restored from one backup give the next sequences to different commits. Each copy, and each
/// store that goes on without commits it once had, adds a fork.
///
/// @param forks oldest first
public record Lineage(List<Fork> forks) {
  /// Of a store that was made new.
  public static final Lineage EMPTY = new Lineage(List.of());

  /// A copy began a life of its own.
  ///
  /// @param lastSequence the last commit it shares with what it was copied from
  /// @param id random
  public record Fork(long lastSequence, long id) {}

  public Lineage {
    forks = List.copyOf(forks);
  }

  /// A new life after `lastSequence`.
  public static Fork forkAt(long lastSequence, RandomSource random) {
    return new Fork(lastSequence, random.nextLong());
  }

  /// A new life of which nobody knows what it shares with others: it shares nothing.
  public static Fork unknownPast(RandomSource random) {
    return forkAt(0, random);
  }

  /// True if the commits up to `sequence` are the same in stores of both lineages, as far as they
  /// have them.
  public boolean agreesThrough(Lineage other, long sequence) {
    return forksBefore(sequence).equals(other.forksBefore(sequence));
  }

  private List<Fork> forksBefore(long sequence) {
    return forks.stream().filter(fork -> fork.lastSequence() < sequence).toList();
  }

  /// This one, then `later` forks.
  Lineage then(List<Fork> later) {
    return later.isEmpty()
        ? this
        : new Lineage(Stream.concat(forks.stream(), later.stream()).toList());
  }
}
