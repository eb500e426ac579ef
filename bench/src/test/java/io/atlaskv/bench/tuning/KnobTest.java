package io.atlaskv.bench.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.bench.engine.DataSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnobTest {
  private final DataSet data = new DataSet(20_000, 100, 1);

  @Test
  void everyNameOfTheCommandLineHasAKnob() {
    assertThat(TuningBenchmark.knobs(data).stream().map(Knob::name))
        .containsExactlyElementsOf(TuningOptions.NAMES);
  }

  @Test
  void aWriteKnobMeasuresWhatItSaysAndLeavesNothing(@TempDir Path directory) throws IOException {
    var knob = WriteKnob.memtable(data);
    double[] values = knob.measure(0, directory);
    assertThat(values).hasSameSizeAs(knob.figures().toArray());
    assertThat(values[2]).as("space").isBetween(0.3, 2.0);
    assertThat(List.of(values[0], values[1], values[3])).allMatch(value -> value > 0);
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void compressionSavesAboutWhatCouldBeSaved(@TempDir Path directory) {
    var knob = TableKnob.compression(data);
    double none = knob.measure(0, directory)[0];
    double lz4 = knob.measure(1, directory)[0];
    assertThat(none).isBetween(0.9, 1.2); // keys are stored without what they share
    assertThat(lz4 / none).isBetween(0.4, 0.8);
  }

  @Test
  void rowChecksumsTakeFourBytesARow(@TempDir Path directory) {
    var knob = TableKnob.rowChecksums(data);
    double without = knob.measure(0, directory)[0];
    double with = knob.measure(1, directory)[0];
    double more = (with - without) * data.bytes() / data.entries();
    assertThat(more).isBetween(3.5, 5.0);
  }

  @Test
  void aMergeByPartsIsMeasuredAndLeavesNothing(@TempDir Path directory) {
    var knob = new SubcompactionKnob(data);
    for (int setting = 0; setting < knob.settings().size(); setting++) {
      double[] values = knob.measure(setting, directory);
      assertThat(values).hasSameSizeAs(knob.figures().toArray());
      assertThat(values[0]).as("seconds").isPositive();
    }
    assertThat(directory).isEmptyDirectory();
  }
}
