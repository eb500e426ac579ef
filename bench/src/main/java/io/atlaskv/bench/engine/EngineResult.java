package io.atlaskv.bench.engine;

import io.atlaskv.bench.Samples;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// All rounds of one engine.
final class EngineResult {
  private final Map<String, List<Figures>> figures = new HashMap<>();
  private final Map<String, List<Double>> facts = new HashMap<>();

  void add(Figures one) {
    figures.computeIfAbsent(one.workload(), _ -> new ArrayList<>()).add(one);
  }

  void add(Fact one) {
    facts.computeIfAbsent(one.name(), _ -> new ArrayList<>()).add(one.value());
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
