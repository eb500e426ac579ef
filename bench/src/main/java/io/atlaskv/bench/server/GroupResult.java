package io.atlaskv.bench.server;

import java.util.List;

/// What was measured of one durability group.
///
/// @param refusals workloads that not every contender knows
/// @param memory per contender, after the fill; empty if it was not wanted
/// @param commandLines per contender, as started
record GroupResult(
    DurabilityGroup group,
    List<Comparison> comparisons,
    List<Refusal> refusals,
    List<Memory> memory,
    List<String> commandLines) {
  GroupResult {
    comparisons = List.copyOf(comparisons);
    refusals = List.copyOf(refusals);
    memory = List.copyOf(memory);
    commandLines = List.copyOf(commandLines);
  }

  /// Resident memory of one server.
  record Memory(long anonKib, long fileKib) {}
}
