package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.RangeQuery;
import io.atlaskv.engine.api.TransactionStore;
import java.util.NavigableMap;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One operation of a transaction, for a store and for a map, and the same answer from both.
///
/// @param key the key, or the first one of a range
/// @param end of a range, exclusive
/// @param limit of a scan
/// @param value to be set
record TransactionStep(Kind kind, int key, int end, int limit, String value) {
  enum Kind {
    GET,
    GET_ALL,
    GET_FOR_UPDATE,
    CONTAINS,
    SCAN,
    SCAN_DOWN,
    PUT,
    DELETE,
    DELETE_RANGE
  }

  private static final String ABSENT = "-";

  static TransactionStep any(Random random, int keys, String value) {
    Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
    if (kind == Kind.DELETE_RANGE && random.nextInt(3) > 0) {
      kind = Kind.PUT;
    }
    int key = random.nextInt(keys);
    int end = Math.min(keys, key + random.nextInt(4));
    return new TransactionStep(kind, key, end, 1 + random.nextInt(4), value);
  }

  boolean isWrite() {
    return kind == Kind.PUT || kind == Kind.DELETE || kind == Kind.DELETE_RANGE;
  }

  private static byte[] bytes(int key) {
    return Codec.int32().toBytes(key);
  }

  private static String text(byte[] value) {
    return value == null ? ABSENT : Codec.utf8().fromBytes(value);
  }

  /// Keys in no order, one of them twice.
  private Stream<Integer> several() {
    return Stream.of(end, key, key);
  }

  String play(TransactionStore store) {
    return switch (kind) {
      case GET -> text(store.get(bytes(key)));
      case GET_ALL ->
          store.getAll(several().map(TransactionStep::bytes).toList()).stream()
              .map(TransactionStep::text)
              .collect(Collectors.joining(","));
      case GET_FOR_UPDATE -> text(store.getForUpdate(bytes(key)));
      case CONTAINS -> Boolean.toString(store.contains(bytes(key)));
      case SCAN -> scan(store.range(Range.closedOpen(bytes(key), bytes(end))));
      case SCAN_DOWN -> scan(store.range(Range.closedOpen(bytes(key), bytes(end))).reverse());
      case PUT -> {
        store.put(bytes(key), Codec.utf8().toBytes(value));
        yield "";
      }
      case DELETE -> {
        store.delete(bytes(key));
        yield "";
      }
      case DELETE_RANGE -> {
        store.deleteRange(Range.closedOpen(bytes(key), bytes(end)));
        yield "";
      }
    };
  }

  private String scan(RangeQuery query) {
    try (var entries = query.limit(limit).stream()) {
      return entries
          .map(entry ->
              Codec.int32().fromBytes(entry.key().toArray()) + "=" + entry.value().toUtf8())
          .collect(Collectors.joining(","));
    }
  }

  String play(NavigableMap<Integer, String> map) {
    return switch (kind) {
      case GET_ALL ->
          several().map(each -> map.getOrDefault(each, ABSENT)).collect(Collectors.joining(","));
      case GET, GET_FOR_UPDATE -> map.getOrDefault(key, ABSENT);
      case CONTAINS -> Boolean.toString(map.containsKey(key));
      case SCAN -> scan(map.subMap(key, true, end, false));
      case SCAN_DOWN -> scan(map.subMap(key, true, end, false).descendingMap());
      case PUT -> {
        map.put(key, value);
        yield "";
      }
      case DELETE -> {
        map.remove(key);
        yield "";
      }
      case DELETE_RANGE -> {
        map.subMap(key, true, end, false).clear();
        yield "";
      }
    };
  }

  private String scan(NavigableMap<Integer, String> map) {
    return map.entrySet().stream()
        .limit(limit)
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(","));
  }
}
