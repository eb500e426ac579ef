package io.atlaskv.redis.command.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class SparklineTest {
  @Test
  void drawsWhatRedisDraws() {
    var samples =
        List.of(
            new Sparkline.Sample(50, "5s"),
            new Sparkline.Sample(121, "4s"),
            new Sparkline.Sample(30, "3s"),
            new Sparkline.Sample(200, "2s"),
            new Sparkline.Sample(70, "1s"));
    // from LATENCY GRAPH of redis-server 7.0.15
    String drawn = "   # \n _ | \n | | \no|_|#\n     \n54321\nsssss\n";
    assertEquals(drawn, Sparkline.of(samples));
  }

  @Test
  void equalSamplesAreFlat() {
    var samples = Collections.nCopies(3, new Sparkline.Sample(7, "1m"));
    assertEquals("   \n   \n   \n___\n   \n111\nmmm\n", Sparkline.of(samples));
  }

  @Test
  void moreThanALineHoldsGoOnBelow() {
    var samples = Collections.nCopies(81, new Sparkline.Sample(7, "1m"));
    List<String> lines = Sparkline.of(samples).lines().toList();
    assertEquals(7 + 1 + 7, lines.size());
    assertEquals("_".repeat(80), lines.get(3));
    assertEquals("_", lines.get(11));
  }

  @Test
  void agesAreOfOneUnit() {
    assertEquals("59s", LatencyReport.age(59));
    assertEquals("1m", LatencyReport.age(60));
    assertEquals("59m", LatencyReport.age(3599));
    assertEquals("23h", LatencyReport.age(86_399));
    assertEquals("2d", LatencyReport.age(2 * 86_400));
  }
}
