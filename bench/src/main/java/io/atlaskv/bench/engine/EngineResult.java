package io.atlaskv.bench.engine;

import io.atlaskv.bench.Samples;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// All rounds of one engine.
///
/// A set of workloads in which it failed once has no figures and is not run again, so that those of
/// two engines are always of the same rounds.
final class EngineResult {
  private final Map<String, List<Figures>> figures = new HashMap<>();
  private final Map<String, List<Double>> facts = new HashMap<>();
  private final Map<WorkloadSet, String> failures = new EnumMap<>(WorkloadSet.class);

  void add(Figures one) {
    figures.computeIfAbsent(one.workload(), _ -> new ArrayList<>()).add(one);
  }

  void add(Fact one) {
    facts.computeIfAbsent(one.name(), _ -> new ArrayList<>()).add(one.value());
  }

  /// Forgets what is known of a set, as the engine failed in it.
  void fail(WorkloadSet set, String why) {
    failures.put(set, why);
    figures.keySet().removeAll(set.workloads());
    facts.keySet().removeAll(set.workloads());
  }

  boolean hasFailed(WorkloadSet set) {
    return failures.containsKey(set);
  }

  /// Why there is nothing of some sets.
  Map<WorkloadSet, String> failures() {
    return Collections.unmodifiableMap(failures);
  }

  boolean hasFigures(String workload) {
    return figures.containsKey(workload);
  }

  boolean hasFact(String name) {
    return facts.containsKey(name);
  }

  Samples figure(String workload, ToDoubleFunction<Figures> figure) {
    return new Samples(
        figures.getOrDefault(workload, List.of()).stream()
            .map(one -> figure.applyAsDouble(one))
            .toList());
  }

  Samples fact(String name) {
    return new Samples(facts.getOrDefault(name, List.of()));
  }
}
