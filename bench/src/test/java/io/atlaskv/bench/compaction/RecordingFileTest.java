package io.atlaskv.bench.compaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlaskv.engine.api.CorruptionException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingFileTest {
  private static final Path VERSION_1 = Path.of("src/test/resources/golden/recording/v1.rec");

  /// All there can be; also what the fixture of version 1 has.
  private static final Recording SAMPLE =
      new Recording(
          "sämple",
          List.of("a", "größer"),
          3,
          List.of(
              new Operation(Operation.Kind.PUT, 1_000, 0, 1, 0, 8, 300, Operation.NEVER),
              new Operation(Operation.Kind.PUT, 1_005, 1, 2, 0, 1, 0, 99_000),
              new Operation(Operation.Kind.GET, 1_003, 0, 0, 0, 8, 0, Operation.NEVER),
              new Operation(Operation.Kind.SEEK, 2_000, 0, 1, 0, 8, 0, Operation.NEVER),
              new Operation(Operation.Kind.DELETE, 2_000, 0, 1, 0, 8, 0, Operation.NEVER),
              new Operation(Operation.Kind.DELETE_RANGE, 2_001, 0, 0, 2, 0, 0, Operation.NEVER),
              new Operation(Operation.Kind.DELETE_RANGE, 2_002, 1, 3, 3, 0, 0, Operation.NEVER)));

  @Test
  void whatIsWrittenIsRead(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("sample.rec");
    RecordingFile.write(file, SAMPLE);
    assertThat(RecordingFile.read(file)).isEqualTo(SAMPLE);
  }

  @Test
  void version1IsRead() throws IOException {
    assertThat(RecordingFile.read(VERSION_1)).isEqualTo(SAMPLE);
  }

  @Test
  void aLargeOneIsRead() {
    var random = new Random(1);
    var operations = new ArrayList<Operation>();
    for (int i = 0; i < 50_000; i++) {
      operations.add(
          new Operation(
              Operation.Kind.PUT,
              i,
              0,
              random.nextInt(1_000_000),
              0,
              16,
              random.nextInt(1_000),
              Operation.NEVER));
    }
    var large = new Recording("large", List.of("default"), 1_000_000, operations);
    byte[] file = RecordingFile.encode(large);
    assertThat(file).hasSizeLessThan(6 * operations.size());
    assertThat(RecordingFile.decode("large.rec", file)).isEqualTo(large);
  }

  @Test
  void anyDamageIsTold() {
    byte[] file = RecordingFile.encode(SAMPLE);
    for (int at = 0; at < file.length; at++) {
      byte[] damaged = file.clone();
      damaged[at] ^= 0x10;
      assertThatThrownBy(() -> RecordingFile.decode("x.rec", damaged))
          .isInstanceOf(CorruptionException.class)
          .hasMessageStartingWith("x.rec@");
      byte[] cut = Arrays.copyOf(file, at);
      assertThatThrownBy(() -> RecordingFile.decode("x.rec", cut))
          .isInstanceOf(CorruptionException.class);
    }
  }

  @Test
  void anotherVersionIsRefused() {
    byte[] file = RecordingFile.encode(SAMPLE);
    file[8] = 2;
    assertThatThrownBy(() -> RecordingFile.decode("x.rec", file))
        .isInstanceOf(CorruptionException.class)
        .hasMessage("x.rec@8: version 2, expected 1");
  }
}
