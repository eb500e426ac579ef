package io.atlaskv.bench.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.bench.compaction.Replay.Limits;
import io.atlaskv.bench.compaction.Replay.Outcome;
import io.atlaskv.engine.api.Statistics;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the simulator says of a recording is what the engine pays for it.
class SimulatorAgainstEngineTest {
  private static final double TOLERANCE_PERCENT = 5;
  private static final int ENTRIES = 500; // of a memtable
  private static final long TABLE_BYTES = 64 << 10;
  private static final Map<Program, Recording> RECORDED = new EnumMap<>(Program.class);

  private static Recording recorded(Program program, int operations) {
    try (var engine = new SimulatedEngine(TABLE_BYTES)) {
      return program.record(engine.db(), engine, operations);
    }
  }

  /// The same work is recorded as the same bytes.
  @Test
  void aRecordingCanBeMadeAgain() {
    for (Program program : Program.values()) {
      assertThat(RecordingFile.encode(recorded(program, 100)))
          .isEqualTo(RecordingFile.encode(recorded(program, 100)));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ZIPF_OVERWRITES, 30000, leveled",
    "ZIPF_OVERWRITES, 30000, size-tiered",
    "ZIPF_OVERWRITES, 30000, size-tiered:8",
    "ZIPF_OVERWRITES, 30000, time-windowed:PT2M",
    "SESSION_CACHE, 10000, leveled",
    "SESSION_CACHE, 10000, time-windowed:PT10M",
    "TIME_SERIES, 480, leveled",
    "TIME_SERIES, 480, time-windowed:PT30M",
  })
  void writeAmplificationIsThatOfTheEngine(Program program, int operations, String spec) {
    Recording recording = RECORDED.computeIfAbsent(program, _ -> recorded(program, operations));
    StyleSpec style = StyleSpec.of(spec);
    Statistics real;
    try (var engine = new SimulatedEngine(TABLE_BYTES)) {
      real = engine.play(recording, ENTRIES, style);
    }
    Outcome simulated =
        Replay.of(recording, new Limits(Long.MAX_VALUE, ENTRIES, TABLE_BYTES), style);
    double write =
        (double) (real.flushedBytes() + real.compactionWrittenBytes()) / real.flushedBytes();
    System.out.printf(
        Locale.ROOT,
        "%s %s: engine %.2f (%d flushes), simulator %.2f (%d flushes)%n",
        program,
        spec,
        write,
        real.flushes(),
        simulated.write(),
        simulated.flushes());
    assertThat((long) simulated.flushes()).isEqualTo(real.flushes());
    assertThat(simulated.write()).isCloseTo(write, Percentage.withPercentage(TOLERANCE_PERCENT));
    assertThat((double) simulated.flushedBytes())
        .isCloseTo((double) real.flushedBytes(), Percentage.withPercentage(TOLERANCE_PERCENT));
  }
}
