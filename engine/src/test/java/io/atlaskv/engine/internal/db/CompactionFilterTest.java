package io.atlaskv.engine.internal.db;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.CompactionFilter;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Expiry;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.Snapshot;
import io.atlaskv.engine.api.StoreEvent;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a user's filter is asked, and what comes of its answers.
class CompactionFilterTest {
  private static final long SEED = 5;
  private static final int KEYS = 50;

  private final FaultFileSystem files = FaultFileSystem.create(SEED);
  private SimStore store = open("filtered", (_, value) -> value);

  private SimStore open(String namespace, CompactionFilter filter) {
    var options = RandomOptions.SMALL.withCompactionFilters(Map.of(namespace, filter));
    return SimStore.open(files, SEED, options);
  }

  private void reopen(String namespace, CompactionFilter filter) {
    store.close();
    store = open(namespace, filter);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private Db db() {
    return store.db();
  }

  private KeyValueStore filtered() {
    return db().namespace("filtered");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void fill(KeyValueStore namespace, String value) {
    for (int i = 0; i < KEYS; i++) {
      namespace.put(bytes("key" + i), bytes(value));
    }
  }

  /// Two flushes that overlap, so that `compact` has to merge them.
  private void compact(KeyValueStore namespace, String value) {
    fill(namespace, "old");
    db().flush();
    fill(namespace, value);
    db().compact();
  }

  @Test
  void dropsReplacesAndKeeps() {
    reopen(
        "filtered",
        (key, value) ->
            switch (new String(key, StandardCharsets.UTF_8)) {
              case "key1" -> null;
              case "key2" -> bytes("replaced by something longer");
              case "key3" -> new byte[0];
              default -> value;
            });
    compact(filtered(), "new");
    assertNull(filtered().get(bytes("key1")));
    assertArrayEquals(bytes("replaced by something longer"), filtered().get(bytes("key2")));
    assertArrayEquals(new byte[0], filtered().get(bytes("key3")));
    assertArrayEquals(bytes("new"), filtered().get(bytes("key4")));
    db().verify();
  }

  @Test
  void otherNamespacesAreNotAsked() {
    reopen("filtered", (_, _) -> null);
    compact(db(), "new");
    assertArrayEquals(bytes("new"), db().get(bytes("key1")));
  }

  @Test
  void isAskedForTheNewestVersionOnly() {
    var asked = new ArrayList<String>();
    reopen(
        "default",
        (_, value) -> {
          asked.add(new String(value, StandardCharsets.UTF_8));
          return value;
        });
    compact(db(), "new");
    assertTrue(asked.size() >= KEYS, "asked " + asked.size() + " times");
    assertTrue(asked.stream().allMatch("new"::equals), asked::toString);
  }

  @Test
  void whatASnapshotSeesIsNotAskedFor() {
    reopen("default", (_, _) -> null);
    fill(db(), "old");
    db().flush();
    try (Snapshot snapshot = db().snapshot()) {
      db().put(bytes("key1"), bytes("newer"));
      db().compact();
      assertArrayEquals(bytes("old"), snapshot.get(bytes("key1")));
      assertArrayEquals(bytes("old"), snapshot.get(bytes("key2")));
      assertArrayEquals(bytes("old"), db().get(bytes("key2")));
      assertNull(
          db().get(bytes("key1"))); // what no snapshot sees was dropped, and uncovers nothing
    }
  }

  @Test
  void aNewValueExpiresWhenTheOldOneWouldHave() {
    reopen("default", (_, _) -> bytes("changed"));
    fill(db(), "old");
    db().flush();
    db().put(bytes("key1"), bytes("new"), Expiry.after(Duration.ofMinutes(1)));
    Instant expiry = db().expiryOf(bytes("key1"));
    db().compact();
    assertArrayEquals(bytes("changed"), db().get(bytes("key1")));
    assertNotNull(expiry);
    assertEquals(expiry, db().expiryOf(bytes("key1")));
  }

  @Test
  void aFilterThatThrowsKeepsAllAndIsToldOnce() {
    var failure = new IllegalStateException("planted");
    reopen(
        "default",
        (_, _) -> {
          throw failure;
        });
    List<StoreEvent> failures = new ArrayList<>();
    try (var _ =
        db().listen(event -> {
          if (event instanceof StoreEvent.CompactionFilterFailed) {
            failures.add(event);
          }
        })) {
      compact(db(), "new");
      store.scheduler().runFor(1_000_000);
    }
    assertEquals(List.of(new StoreEvent.CompactionFilterFailed("default", failure)), failures);
    assertArrayEquals(bytes("new"), db().get(bytes("key1")));
  }
}
