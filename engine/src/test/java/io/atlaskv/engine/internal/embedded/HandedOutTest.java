package io.atlaskv.engine.internal.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.Db;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// That the fuzzer of closes leaves out nothing that a store hands out.
class HandedOutTest {
  /// What public methods return and [HandedOut#KINDS] lacks, with the reason. Records, enums and
  /// sealed interfaces of records are values, and need none.
  private static final Map<String, String> VALUES =
      Map.of(
          "Bytes", "a copy of bytes",
          "Histogram", "a copy of counts",
          "Savepoint", "has no methods");

  @Test
  void everyTypeOfTheApiThatAMethodReturnsIsCalledOrIsAValue() {
    var unknown = new TreeMap<String, String>();
    var unused = new LinkedHashSet<>(VALUES.keySet());
    var seen = new LinkedHashSet<Class<?>>(List.of(AtlasKv.class));
    var open = new ArrayDeque<Class<?>>(seen);
    while (!open.isEmpty()) {
      for (Method method : open.remove().getMethods()) {
        for (Class<?> type : typesIn(method.getGenericReturnType())) {
          if (!type.getPackageName().equals(Db.class.getPackageName()) || !seen.add(type)) {
            continue;
          }
          open.add(type);
          unused.remove(type.getSimpleName());
          boolean isKnown =
              HandedOut.KINDS.contains(type)
                  || isValue(type)
                  || VALUES.containsKey(type.getSimpleName());
          if (!isKnown) {
            unknown.put(type.getSimpleName(), method.toString());
          }
        }
      }
    }
    assertThat(unknown).isEmpty();
    assertThat(unused).isEmpty();
    assertThat(seen)
        .containsAll(
            HandedOut.KINDS.stream()
                .filter(kind -> kind.getPackageName().equals(Db.class.getPackageName()))
                .toList());
  }

  private static boolean isValue(Class<?> type) {
    return type.isRecord()
        || type.isEnum()
        || (type.isSealed()
            && List.of(type.getPermittedSubclasses()).stream().allMatch(HandedOutTest::isValue));
  }

  private static Set<Class<?>> typesIn(Type type) {
    return switch (type) {
      case Class<?> plain -> Set.of(plain.isArray() ? plain.componentType() : plain);
      case ParameterizedType generic -> {
        var types = new LinkedHashSet<>(typesIn(generic.getRawType()));
        for (Type argument : generic.getActualTypeArguments()) {
          types.addAll(typesIn(argument));
        }
        yield types;
      }
      case WildcardType wildcard -> typesIn(wildcard.getUpperBounds()[0]);
      case GenericArrayType array -> typesIn(array.getGenericComponentType());
      default -> Set.of();
    };
  }
}
