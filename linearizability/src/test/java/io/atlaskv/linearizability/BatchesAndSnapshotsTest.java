package io.atlaskv.linearizability;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.Entry;
import io.atlaskv.engine.api.KeyValueReader;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.Snapshot;
import io.atlaskv.engine.api.WriteBatch;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Many keys in one step: batches are seen whole or not at all, a snapshot and a range are of one
/// moment, which lies between call and return.
class BatchesAndSnapshotsTest {
  @Test
  void areLinearizable() {
    Histories.check(InStore.class, Sequential.class);
  }

  @Test
  void twoWritesInsteadOfABatchAreFound() {
    assertThatThrownBy(() -> Histories.checkPlanted(InTwoSteps.class, Sequential.class))
        .hasMessageContaining("Invalid execution results");
  }

  /// The calls that histories are made of.
  @Param(name = "key", gen = IntGen.class, conf = "0:3")
  @Param(name = "value", gen = IntGen.class, conf = "1:3")
  public static class InStore {
    final KeyValueStore store = SharedStore.emptyNamespace("batches");

    @Operation
    public void putTwo(
        @Param(name = "key") int one,
        @Param(name = "key") int other,
        @Param(name = "value") int value) {
      store.write(
          WriteBatch.of(
              batch -> batch.put(bytes(one), bytes(value)).put(bytes(other), bytes(value))));
    }

    @Operation
    public void move(@Param(name = "key") int from, @Param(name = "key") int to) {
      store.write(WriteBatch.of(batch -> batch.delete(bytes(from)).put(bytes(to), bytes(9))));
    }

    @Operation
    public void deleteRange(@Param(name = "key") int lower, @Param(name = "key") int upper) {
      store.deleteRange(Range.closedOpen(bytes(lower), bytes(upper)));
    }

    @Operation
    public @Nullable Integer add(@Param(name = "key") int key, @Param(name = "value") int value) {
      byte[] now = store.update(bytes(key), old -> bytes((old == null ? 0 : number(old)) + value));
      return now == null ? null : number(now);
    }

    @Operation
    public String readTwo(@Param(name = "key") int one, @Param(name = "key") int other) {
      try (Snapshot snapshot = SharedStore.db().snapshot()) {
        KeyValueReader then = snapshot.of(store);
        return text(then.get(bytes(one))) + "," + text(then.get(bytes(other)));
      }
    }

    @Operation
    public String readAll() {
      try (Stream<Entry> all = store.range(Range.all()).stream()) {
        return all.map(BatchesAndSnapshotsTest::text).collect(Collectors.joining(" "));
      }
    }

    @Operation
    public String readBackwards() {
      try (Stream<Entry> all = store.range(Range.all()).reverse().stream()) {
        return all.map(BatchesAndSnapshotsTest::text).collect(Collectors.joining(" "));
      }
    }
  }

  /// A planted mistake.
  public static class InTwoSteps extends InStore {
    @Override
    @Operation
    public void putTwo(
        @Param(name = "key") int one,
        @Param(name = "key") int other,
        @Param(name = "value") int value) {
      store.put(bytes(one), bytes(value));
      store.put(bytes(other), bytes(value));
    }
  }

  private static byte[] bytes(int number) {
    return Codec.int32().toBytes(number);
  }

  private static int number(byte[] bytes) {
    return Codec.int32().fromBytes(bytes);
  }

  private static String text(byte @Nullable [] value) {
    return value == null ? "none" : Integer.toString(number(value));
  }

  private static String text(Entry entry) {
    return number(entry.key().toArray()) + "=" + number(entry.value().toArray());
  }

  /// The same on a map, one thread at a time.
  public static class Sequential {
    private final TreeMap<Integer, Integer> map = new TreeMap<>();

    public void putTwo(int one, int other, int value) {
      map.put(one, value);
      map.put(other, value);
    }

    public void move(int from, int to) {
      map.remove(from);
      map.put(to, 9);
    }

    public void deleteRange(int lower, int upper) {
      if (lower < upper) {
        map.subMap(lower, upper).clear();
      }
    }

    public Integer add(int key, int value) {
      return map.merge(key, value, Integer::sum);
    }

    public String readTwo(int one, int other) {
      return text(one) + "," + text(other);
    }

    public String readAll() {
      return text(map);
    }

    public String readBackwards() {
      return text(map.descendingMap());
    }

    private String text(int key) {
      Integer value = map.get(key);
      return value == null ? "none" : value.toString();
    }

    private static String text(Map<Integer, Integer> entries) {
      return entries.entrySet().stream()
          .map(entry -> entry.getKey() + "=" + entry.getValue())
          .collect(Collectors.joining(" "));
    }
  }
}
