package io.atlaskv.bench;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/// The same figure of several rounds.
public record Samples(List<Double> values) {
  public Samples {
    values = List.copyOf(values);
  }

  /// NaN if there are none.
  public double median() {
    double[] sorted = sorted();
    int middle = sorted.length / 2;
    if (sorted.length == 0) {
      return Double.NaN;
    }
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /// NaN if there are none.
  public double greatest() {
    return values.isEmpty() ? Double.NaN : Collections.max(values);
  }

  /// Round by round, because neighbours in time saw the same load of the machine.
  public Samples over(Samples other) {
    int rounds = Math.min(values.size(), other.values.size());
    var ratios = new Double[rounds];
    for (int round = 0; round < rounds; round++) {
      ratios[round] = values.get(round) / other.values.get(round);
    }
    return new Samples(List.of(ratios));
  }

  /// `1.23 [1.10–1.31]`: median, least and greatest.
  public String ratioText() {
    double[] sorted = sorted();
    if (sorted.length == 0 || !Double.isFinite(median())) {
      return "–";
    }
    return String.format(
        Locale.ROOT, "%.2f [%.2f–%.2f]", median(), sorted[0], sorted[sorted.length - 1]);
  }

  private double[] sorted() {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted;
  }
}
