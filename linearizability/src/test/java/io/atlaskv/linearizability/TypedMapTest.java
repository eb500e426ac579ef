package io.atlaskv.linearizability;

import io.atlaskv.engine.api.Codec;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Single steps of a typed map: each history of calls is one that a TreeMap could have answered.
class TypedMapTest {
  @Test
  void isLinearizable() {
    Histories.check(InStore.class, InMemory.class);
  }

  /// The map under test.
  public static class InStore extends Calls {
    public InStore() {
      super(SharedStore.emptyNamespace("map").asMap(Codec.int32(), Codec.int32()));
    }
  }

  /// What Lincheck replays on one thread.
  public static class InMemory extends Calls {
    public InMemory() {
      super(new TreeMap<>());
    }
  }

  /// The calls that histories are made of.
  @Param(name = "key", gen = IntGen.class, conf = "0:2")
  @Param(name = "value", gen = IntGen.class, conf = "1:3")
  public abstract static class Calls {
    private final NavigableMap<Integer, Integer> map;

    Calls(NavigableMap<Integer, Integer> map) {
      this.map = map;
    }

    @Operation
    public @Nullable Integer get(@Param(name = "key") int key) {
      return map.get(key);
    }

    @Operation
    public @Nullable Integer put(@Param(name = "key") int key, @Param(name = "value") int value) {
      return map.put(key, value);
    }

    @Operation
    public @Nullable Integer remove(@Param(name = "key") int key) {
      return map.remove(key);
    }

    @Operation
    public @Nullable Integer putIfAbsent(
        @Param(name = "key") int key, @Param(name = "value") int value) {
      return map.putIfAbsent(key, value);
    }

    @Operation
    public @Nullable Integer merge(@Param(name = "key") int key, @Param(name = "value") int value) {
      return map.merge(key, value, Integer::sum);
    }

    @Operation
    public String first() {
      Map.Entry<Integer, Integer> first = map.firstEntry();
      return first == null ? "none" : first.toString();
    }

    @Operation
    public String pollLast() {
      Map.Entry<Integer, Integer> last = map.pollLastEntry();
      return last == null ? "none" : last.toString();
    }

    @Operation
    public void clear() {
      map.clear();
    }
  }
}
