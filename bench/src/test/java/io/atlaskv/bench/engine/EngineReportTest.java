package io.atlaskv.bench.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class EngineReportTest {
  private final Map<Engine, EngineResult> results = new EnumMap<>(Engine.class);
  private final EngineBenchOptions options =
      EngineBenchOptions.parse("--engines", "atlaskv,rocksdb,mvstore");

  EngineReportTest() {
    options.engines().forEach(engine -> results.put(engine, new EngineResult()));
    add(Engine.ATLASKV, "fillseq", 1);
    add(Engine.ROCKSDB, "fillseq", 3);
    add(Engine.MVSTORE, "fillseq", 2);
    add(Engine.ATLASKV, "fillrandom", 2);
    add(Engine.ROCKSDB, "fillrandom", 6);
    add(Engine.MVSTORE, "fillrandom", 1);
  }

  private void add(Engine engine, String workload, double cpuMicros) {
    result(engine).add(new Figures(workload, 1_000, cpuMicros, cpuMicros, 1, 2, 3));
  }

  private EngineResult result(Engine engine) {
    return Objects.requireNonNull(results.get(engine));
  }

  private String text() {
    return String.join("\n", new EngineReport(options, "", results).lines());
  }

  @Test
  void theBestPeerIsTheCheapest() {
    assertThat(text())
        .containsPattern("fillseq, CPU-µs +\\| 1.00 +\\| 3.00 +\\| 2.00 +\\| mvstore +\\| 2.00")
        .containsPattern("fillrandom, CPU-µs +\\| 2.00 +\\| 6.00 +\\| 1.00 +\\| mvstore +\\| 0.50")
        .contains("Ahead of the best of rocksdb, mvstore in 1 of 2 rows");
  }

  @Test
  void aPeerThatFailedHasNoFiguresOfThatSet() {
    result(Engine.MVSTORE).fail(WorkloadSet.RANDOM, "MVSTORE in RANDOM exited with 1");
    assertThat(text())
        .contains("- not measured: MVSTORE in RANDOM exited with 1")
        .containsPattern("fillseq, CPU-µs +\\| 1.00 +\\| 3.00 +\\| 2.00 +\\| mvstore")
        .containsPattern("fillrandom, CPU-µs +\\| 2.00 +\\| 6.00 +\\| – +\\| rocksdb +\\| 3.00")
        .contains("in 2 of 2 rows")
        .doesNotContain("NaN");
  }
}
