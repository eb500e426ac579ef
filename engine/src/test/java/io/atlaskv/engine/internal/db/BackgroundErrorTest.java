package io.atlaskv.engine.internal.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.ReadOnlyException;
import io.atlaskv.engine.internal.io.Fault;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.io.Operation;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// What ends background work and is no failure of the file system, such as a lack of memory: nobody
/// waits for ever, the store says why it takes no writes, and nothing is lost.
class BackgroundErrorTest {
  private static final int ENTRIES = 100;

  private final FaultFileSystem files = FaultFileSystem.create(7);
  private boolean isPlanted;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// The next write of a table meets a lack of memory.
  private void plant() {
    isPlanted = true;
    files.failAlways(
        operation -> {
          boolean isWrite = operation.kind() == Operation.Kind.WRITE;
          if (isPlanted && isWrite && operation.name().endsWith(".sst")) {
            isPlanted = false;
            throw new OutOfMemoryError("planted");
          }
          return false;
        },
        Fault.EIO);
  }

  private static void put(Db db, String value) {
    for (int i = 0; i < ENTRIES; i++) {
      db.put(bytes("key" + i), bytes(value + i));
    }
  }

  private static void check(Db db, String value) {
    for (int i = 0; i < ENTRIES; i++) {
      assertThat(db.get(bytes("key" + i))).isEqualTo(bytes(value + i));
    }
  }

  @Test
  void aFlushThatLacksMemoryIsTold() {
    try (var store = SimStore.open(files, 1, Options.DEFAULT)) {
      put(store.db(), "a");
      plant();
      assertThatThrownBy(store.db()::flush)
          .isInstanceOf(AtlasException.class)
          .hasMessageContaining("planted");
      checkReadOnly(store.db(), "a");
    }
    reopenAndCheck("a");
  }

  @Test
  void aMergeThatLacksMemoryIsTold() {
    try (var store = SimStore.open(files, 2, Options.DEFAULT)) {
      put(store.db(), "a");
      store.db().flush();
      put(store.db(), "b");
      store.db().flush();
      plant();
      assertThatThrownBy(store.db()::compact)
          .isInstanceOf(AtlasException.class)
          .hasMessageContaining("planted");
      checkReadOnly(store.db(), "b");
    }
    reopenAndCheck("b");
  }

  private static void checkReadOnly(Db db, String value) {
    assertThatThrownBy(() -> db.put(bytes("more"), bytes("1")))
        .isInstanceOf(ReadOnlyException.class)
        .hasMessageContaining("planted");
    check(db, value);
  }

  private void reopenAndCheck(String value) {
    files.clearFaults();
    try (var store = SimStore.open(files, 3, Options.DEFAULT)) {
      check(store.db(), value);
      store.db().put(bytes("more"), bytes("1"));
      store.db().compact();
      check(store.db(), value);
    }
  }
}
