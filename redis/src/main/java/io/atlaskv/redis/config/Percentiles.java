package io.atlaskv.redis.config;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Which percentiles of a duration to tell (`latency-tracking-info-percentiles`).
public record Percentiles(List<Double> percents) {
  private static final double MAX = 100;

  /// Redis' default.
  static final Percentiles DEFAULT = new Percentiles(List.of(50.0, 99.0, 99.9));

  /// Numbers from 0 to 100; none of them: none is told.
  static final ValueSetting.Form<Percentiles> FORM =
      new ValueSetting.Form<>("numbers from 0 to 100", (text, _) -> parse(text), Percentiles::text);

  public Percentiles {
    percents = List.copyOf(percents);
  }

  private static Percentiles parse(String text) {
    var percents = new ArrayList<Double>();
    for (String word : text.strip().split("\\s+", -1)) {
      if (!word.isEmpty()) {
        percents.add(percent(word));
      }
    }
    return new Percentiles(percents);
  }

  private static double percent(String word) {
    boolean isNumber = word.matches("[0-9]+(\\.[0-9]*)?");
    double percent = isNumber ? Double.parseDouble(word) : Double.NaN;
    if (percent >= 0 && percent <= MAX) {
      return percent;
    }
    throw new IllegalArgumentException(
        "latency-tracking-info-percentiles should contain only values between 0 and 100");
  }

  private String text() {
    return percents.stream().map(Percentiles::name).collect(Collectors.joining(" "));
  }

  /// A percentile as Redis writes it: `50`, `99.9`.
  public static String name(double percent) {
    return BigDecimal.valueOf(percent).stripTrailingZeros().toPlainString();
  }
}
