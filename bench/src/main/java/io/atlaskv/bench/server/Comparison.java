package io.atlaskv.bench.server;

import io.atlaskv.bench.Samples;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// One workload on one of our contenders, and on Redis in the same rounds.
record Comparison(
    Workload workload,
    Contender ours,
    Contender theirs,
    List<Measurement> oursByRound,
    List<Measurement> theirsByRound) {
  Comparison {
    oursByRound = List.copyOf(oursByRound);
    theirsByRound = List.copyOf(theirsByRound);
  }

  Samples ours(ToDoubleFunction<Measurement> figure) {
    return samples(oursByRound, figure);
  }

  Samples theirs(ToDoubleFunction<Measurement> figure) {
    return samples(theirsByRound, figure);
  }

  Samples ratio(ToDoubleFunction<Measurement> figure) {
    return ours(figure).over(theirs(figure));
  }

  private static Samples samples(List<Measurement> rounds, ToDoubleFunction<Measurement> figure) {
    return new Samples(rounds.stream().map(round -> figure.applyAsDouble(round)).toList());
  }
}
