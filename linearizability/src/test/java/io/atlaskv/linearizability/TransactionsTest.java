package io.atlaskv.linearizability;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Entry;
import io.atlaskv.engine.api.Isolation;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.Locking;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.TransactionOptions;
import io.atlaskv.engine.api.TransactionStore;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/// Serializable transactions take effect in one step between call and return, whatever they read,
/// and beside writes outside of transactions.
class TransactionsTest {
  private static final TransactionOptions SERIALIZABLE =
      TransactionOptions.DEFAULT.withTriesMax(TransactionOptions.TRIES_LIMIT);

  @Test
  void optimisticOnesAreLinearizable() {
    Histories.check(Optimistic.class, Sequential.class);
  }

  @Test
  void pessimisticOnesAreLinearizable() {
    Histories.check(Pessimistic.class, Sequential.class);
  }

  @Test
  void thatSnapshotsAllowMoreIsFound() {
    assertThatThrownBy(() -> Histories.checkPlanted(OnSnapshots.class, Sequential.class))
        .hasMessageContaining("Invalid execution results");
  }

  public static class Optimistic extends Calls {
    public Optimistic() {
      super(SERIALIZABLE);
    }
  }

  public static class Pessimistic extends Calls {
    public Pessimistic() {
      super(SERIALIZABLE.withLocking(Locking.PESSIMISTIC));
    }
  }

  /// `sumInto` reads keys that it does not write: write skew.
  public static class OnSnapshots extends Calls {
    public OnSnapshots() {
      super(SERIALIZABLE.withIsolation(Isolation.SNAPSHOT));
    }
  }

  /// The calls that histories are made of.
  @Param(name = "key", gen = IntGen.class, conf = "0:2")
  @Param(name = "value", gen = IntGen.class, conf = "1:3")
  public abstract static class Calls {
    private final Db db = SharedStore.db();
    private final KeyValueStore store = SharedStore.emptyNamespace("transactions");
    private final TransactionOptions options;

    Calls(TransactionOptions options) {
      this.options = options;
    }

    @Operation
    public void put(@Param(name = "key") int key, @Param(name = "value") int value) {
      store.put(bytes(key), bytes(value));
    }

    @Operation
    public int swap(@Param(name = "key") int one, @Param(name = "key") int other) {
      return db.transactResult(
          options,
          tx -> {
            TransactionStore view = tx.of(store);
            int first = number(view, one);
            int second = number(view, other);
            view.put(bytes(one), bytes(second));
            view.put(bytes(other), bytes(first));
            return first * 100 + second;
          });
    }

    @Operation
    public int sumInto(@Param(name = "key") int target) {
      return db.transactResult(
          options,
          tx -> {
            TransactionStore view = tx.of(store);
            int sum;
            try (Stream<Entry> all = view.range(Range.all()).stream()) {
              sum = all.mapToInt(entry -> number(entry.value().toArray())).sum() % 1_000;
            }
            view.put(bytes(target), bytes(sum));
            return sum;
          });
    }

    private static int number(TransactionStore view, int key) {
      byte[] value = view.get(bytes(key));
      return value == null ? 0 : number(value);
    }

    private static byte[] bytes(int number) {
      return Codec.int32().toBytes(number);
    }

    private static int number(byte[] bytes) {
      return Codec.int32().fromBytes(bytes);
    }
  }

  /// The same on a map, one thread at a time.
  public static class Sequential {
    private final TreeMap<Integer, Integer> map = new TreeMap<>();

    public void put(int key, int value) {
      map.put(key, value);
    }

    public int swap(int one, int other) {
      int first = map.getOrDefault(one, 0);
      int second = map.getOrDefault(other, 0);
      map.put(one, second);
      map.put(other, first);
      return first * 100 + second;
    }

    public int sumInto(int target) {
      int sum = map.values().stream().mapToInt(Integer::intValue).sum() % 1_000;
      map.put(target, sum);
      return sum;
    }
  }
}
