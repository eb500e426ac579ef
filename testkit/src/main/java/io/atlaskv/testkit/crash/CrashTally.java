package io.atlaskv.testkit.crash;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Counts of one or more series of kills.
final class CrashTally {
  private final Map<Phase, Integer> killsByPhase = new EnumMap<>(Phase.class);
  private final List<Finding> findings = new ArrayList<>();
  private int kills;
  private long acknowledged;
  private long unknown;

  void killed(Set<Phase> phases) {
    kills++;
    phases.forEach(phase -> killsByPhase.merge(phase, 1, Integer::sum));
  }

  void checked(long moreAcknowledged, long moreUnknown) {
    acknowledged += moreAcknowledged;
    unknown += moreUnknown;
  }

  void found(List<Finding> more) {
    findings.addAll(more);
  }

  void add(CrashTally other) {
    kills += other.kills;
    acknowledged += other.acknowledged;
    unknown += other.unknown;
    findings.addAll(other.findings);
    other.killsByPhase.forEach((phase, count) -> killsByPhase.merge(phase, count, Integer::sum));
  }

  boolean isClean() {
    return findings.isEmpty();
  }

  int killsIn(Phase phase) {
    return killsByPhase.getOrDefault(phase, 0);
  }

  long count(Finding.Kind kind) {
    return findings.stream().filter(finding -> finding.kind() == kind).count();
  }

  List<Finding> findings() {
    return List.copyOf(findings);
  }

  /// One line of figures.
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d kills (%d in a flush, %d in a compaction, %d in a segment switch), %,d operations"
            + " acknowledged, %,d of unknown fate: %d lost, %d resurrected, %d corrupt, %d holes",
        kills,
        killsIn(Phase.FLUSH),
        killsIn(Phase.COMPACTION),
        killsIn(Phase.SEGMENT_SWITCH),
        acknowledged,
        unknown,
        count(Finding.Kind.LOST),
        count(Finding.Kind.RESURRECTED),
        count(Finding.Kind.CORRUPT),
        count(Finding.Kind.HOLE));
  }
}
