package io.atlaskv.engine.api;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OptionsTest {
  private static final Map<String, Object> OTHERS =
      Map.ofEntries(
          Map.entry("durability", Durability.ALWAYS),
          Map.entry("memoryLimitBytes", 64L << 20),
          Map.entry("memtableBytes", 1L << 20),
          Map.entry("memtableEntriesMax", 7L),
          Map.entry("blockCacheBytes", 64L << 10),
          Map.entry("logSegmentBytes", 64L << 10),
          Map.entry("tableBytes", 64L << 10),
          Map.entry("compression", Compression.NONE),
          Map.entry("recoveryMode", RecoveryMode.STRICT),
          Map.entry("backgroundThreads", 64),
          Map.entry("createIfMissing", false),
          Map.entry("leakTracePeriod", 1),
          Map.entry("logRetainedSegments", 3),
          Map.entry("logRetainedBytes", 5L),
          Map.entry("compactionFilters", Map.of("n", (CompactionFilter) (_, value) -> value)),
          Map.entry("compactionBytesPerSecondMax", 1L << 20),
          Map.entry("compactionIopsMax", 8L),
          Map.entry("memtableAgeMax", Duration.ofSeconds(1)),
          Map.entry("historyWindow", Duration.ofHours(1)),
          Map.entry("subcompactionsMax", 2),
          Map.entry("rowChecksums", true),
          Map.entry("rowCacheBytes", 1L << 20));

  @Test
  void eachWithChangesItsFieldAndNoOther() throws ReflectiveOperationException {
    for (RecordComponent changed : Options.class.getRecordComponents()) {
      String name = changed.getName();
      String with = "with" + Character.toUpperCase(name.charAt(0)) + name.substring(1);
      Object value = OTHERS.get(name);
      assertNotEquals(changed.getAccessor().invoke(Options.DEFAULT), value, name);
      var options = Options.class.getMethod(with, changed.getType()).invoke(Options.DEFAULT, value);
      for (RecordComponent component : Options.class.getRecordComponents()) {
        Object expected =
            component.getName().equals(name)
                ? value
                : component.getAccessor().invoke(Options.DEFAULT);
        assertEquals(
            expected, component.getAccessor().invoke(options), with + ": " + component.getName());
      }
    }
  }

  @Test
  void refusalsNameFieldLimitAndValue() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.DEFAULT.withMemtableBytes(1000))
        .withMessage(
            "memtableBytes must be at least 1048576 and at most 1073741824, or 0 for the default,"
                + " is 1000");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.DEFAULT.withMemoryLimitBytes(-1))
        .withMessage("memoryLimitBytes must be at least 67108864, or 0 for the default, is -1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.DEFAULT.withBackgroundThreads(65))
        .withMessage("backgroundThreads must be at least 1 and at most 64, is 65");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.DEFAULT.withLogSegmentBytes(0))
        .withMessage("logSegmentBytes must be at least 65536 and at most 1073741824, is 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.DEFAULT.withMemtableAgeMax(Duration.ofMillis(999)))
        .withMessage(
            "memtableAgeMax must be at least PT1S and at most PT8760H, or zero for no limit, is"
                + " PT0.999S");
  }

  @SuppressWarnings("NullAway") // what callers without a checker may do
  @Test
  void nullIsRefusedByName() {
    assertThatNullPointerException()
        .isThrownBy(() -> Options.DEFAULT.withDurability(null))
        .withMessage("durability");
    assertThatNullPointerException()
        .isThrownBy(() -> Options.DEFAULT.withCompression(null))
        .withMessage("compression");
    assertThatNullPointerException()
        .isThrownBy(() -> Options.DEFAULT.withRecoveryMode(null))
        .withMessage("recoveryMode");
  }
}
