package io.atlaskv.bench.compaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlaskv.bench.compaction.Operation.Kind;
import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Expiry;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.Secondary;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkloadRecorderTest {
  private static final long EXPIRY = 4_000_000_000_000L;

  @TempDir private Path directory;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Operation at0(
      Kind kind, int namespace, int key, int end, int keyBytes, int value) {
    return new Operation(kind, 0, namespace, key, end, keyBytes, value, Operation.NEVER);
  }

  /// The operations, as if all were done at once.
  private static List<Operation> timeless(Recording recording) {
    return recording.operations().stream()
        .map(operation ->
            new Operation(
                operation.kind(),
                0,
                operation.namespace(),
                operation.key(),
                operation.end(),
                operation.keyBytes(),
                operation.valueBytes(),
                operation.expiresAtMillis()))
        .toList();
  }

  private static void write(Db db) {
    db.put(bytes("m"), bytes("12345"));
    db.put(bytes("c"), bytes("1"), Expiry.at(Instant.ofEpochMilli(EXPIRY)));
    KeyValueStore other = db.namespace("other");
    other.put(bytes("a"), bytes("22"));
    other.put(bytes("zz"), bytes(""));
    db.delete(bytes("m"));
    db.deleteRange(Range.closedOpen(bytes("b"), bytes("m")));
    db.put(bytes("b"), bytes("again"));
    other.deleteRange(Range.atLeast(bytes("b")));
    db.dropNamespace("other");
  }

  private static final List<Operation> WRITTEN =
      List.of(
          at0(Kind.PUT, 0, 2, 0, 1, 5),
          new Operation(Kind.PUT, 0, 0, 1, 0, 1, 1, EXPIRY),
          at0(Kind.PUT, 1, 3, 0, 1, 2),
          at0(Kind.PUT, 1, 4, 0, 2, 0),
          at0(Kind.DELETE, 0, 2, 0, 1, 0),
          at0(Kind.DELETE_RANGE, 0, 0, 2, 0, 0),
          at0(Kind.PUT, 0, 0, 0, 1, 5),
          at0(Kind.DELETE_RANGE, 1, 4, 5, 0, 0),
          at0(Kind.DELETE_RANGE, 1, 3, 5, 0, 0));

  @Test
  void writesAreRecordedWhileTheStoreIsUsed() {
    try (Db db = AtlasKv.open(directory);
        WorkloadRecorder recorder = WorkloadRecorder.of(db)) {
      write(db);
      recorder.take();
      Recording recording = recorder.recording("all");
      assertThat(recording.namespaces()).containsExactly("default", "other");
      assertThat(recording.keys()).isEqualTo(5);
      assertThat(timeless(recording)).isEqualTo(WRITTEN);
      assertThat(recording.of("default").operations()).hasSize(5);
      assertThatThrownBy(() -> recording.of("none"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'none'");
    }
  }

  @Test
  void readsStandWhereTheyAreTold() {
    try (Db db = AtlasKv.open(directory);
        WorkloadRecorder recorder = WorkloadRecorder.of(db)) {
      db.put(bytes("b"), bytes("1"));
      recorder.take();
      recorder.read(Kind.GET, 0, "default", Bytes.of(bytes("a")));
      db.put(bytes("c"), bytes("1"));
      recorder.take();
      assertThat(timeless(recorder.recording("reads")))
          .containsExactly(
              at0(Kind.PUT, 0, 1, 0, 1, 1),
              at0(Kind.GET, 0, 0, 0, 1, 0),
              at0(Kind.PUT, 0, 2, 0, 1, 1));
    }
  }

  /// Names of namespaces that were dropped are not known to a store that was opened since; their
  /// writes are left out.
  @Test
  void theLogOfAnOpenStoreIsRecordedFromOutside() {
    Options options = Options.DEFAULT.withLogRetainedSegments(100);
    try (Db db = AtlasKv.open(directory, options)) {
      db.put(bytes("m"), bytes("12345"));
      db.flush();
      db.put(bytes("c"), bytes("1"));
      try (Secondary secondary = AtlasKv.openSecondary(directory, options);
          WorkloadRecorder recorder = WorkloadRecorder.of(secondary.db())) {
        Recording recording = recorder.recording("log");
        assertThat(timeless(recording))
            .containsExactly(at0(Kind.PUT, 0, 1, 0, 1, 5), at0(Kind.PUT, 0, 0, 0, 1, 1));
        assertThat(recording.operations().getFirst().atMillis())
            .isBetween(1_700_000_000_000L, System.currentTimeMillis());
      }
    }
  }

  @Test
  void moreThanTheLimitIsRefused() {
    try (Db db = AtlasKv.open(directory);
        WorkloadRecorder recorder = WorkloadRecorder.of(db, 2)) {
      db.put(bytes("a"), bytes("1"));
      db.put(bytes("b"), bytes("1"));
      recorder.take();
      db.put(bytes("c"), bytes("1"));
      assertThatThrownBy(recorder::take)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("more than 2 operations");
    }
  }
}
