package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.Cursor;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.Range;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a store should hold: a sorted map for each namespace, without what has expired. The oracle
/// of the store's tests. Time comes in hours (`SimStore.hour`).
public final class StoreModel {
  static final String DEFAULT = "default";

  private final TreeMap<String, TreeMap<Bytes, Bytes>> namespaces = new TreeMap<>();

  /// Of the keys with a value that expires, the hour at which it does.
  private final TreeMap<String, TreeMap<Bytes, Integer>> expiries = new TreeMap<>();

  private int hour;

  StoreModel() {
    namespaces.put(DEFAULT, new TreeMap<>());
  }

  StoreModel copy() {
    var copy = new StoreModel();
    namespaces.forEach((name, entries) -> copy.namespaces.put(name, new TreeMap<>(entries)));
    expiries.forEach((name, hours) -> copy.expiries.put(name, new TreeMap<>(hours)));
    copy.hour = hour;
    return copy;
  }

  boolean has(String namespace) {
    return namespaces.containsKey(namespace);
  }

  Set<String> names() {
    return namespaces.navigableKeySet();
  }

  /// Entries of a namespace that exists.
  NavigableMap<Bytes, Bytes> entries(String namespace) {
    NavigableMap<Bytes, Bytes> entries = namespaces.get(namespace);
    if (entries == null) {
      throw new IllegalStateException("no namespace " + namespace);
    }
    return entries;
  }

  private Map<Bytes, Integer> expiries(String namespace) {
    return expiries.computeIfAbsent(namespace, _ -> new TreeMap<>());
  }

  void put(String namespace, Bytes key, Bytes value) {
    entries(namespace).put(key, value);
    expiries(namespace).remove(key);
  }

  void put(String namespace, Bytes key, Bytes value, int expiryHour) {
    if (expiryHour <= hour) {
      delete(namespace, key);
    } else {
      put(namespace, key, value);
      expiries(namespace).put(key, expiryHour);
    }
  }

  void delete(String namespace, Bytes key) {
    entries(namespace).remove(key);
    expiries(namespace).remove(key);
  }

  void deleteRange(String namespace, Range range) {
    within(entries(namespace), range).clear();
    if (!range.isEmpty()) {
      expiries(namespace).keySet().removeIf(key -> !entries(namespace).containsKey(key));
    }
  }

  /// When a key's value expires, or null.
  @Nullable Integer expiryHour(String namespace, Bytes key) {
    return expiries(namespace).get(key);
  }

  /// Lets time go on, and drops what expires by then.
  void pass(int toHour) {
    hour = toHour;
    expiries.forEach((name, hours) ->
        hours
            .entrySet()
            .removeIf(expiry -> {
              boolean isDue = expiry.getValue() <= toHour;
              if (isDue) {
                entries(name).remove(expiry.getKey());
              }
              return isDue;
            }));
  }

  void create(String namespace) {
    namespaces.putIfAbsent(namespace, new TreeMap<>());
  }

  void drop(String namespace) {
    namespaces.remove(namespace);
    expiries.remove(namespace);
  }

  /// The part of `entries` within a range.
  public static <V> NavigableMap<Bytes, V> within(NavigableMap<Bytes, V> entries, Range range) {
    NavigableMap<Bytes, V> part = entries;
    if (range.isEmpty()) {
      return new TreeMap<>();
    }
    if (range.lower() != null) {
      part = part.tailMap(range.lower(), true);
    }
    if (range.upper() != null) {
      part = part.headMap(range.upper(), false);
    }
    return part;
  }

  /// Everything a store holds, read by cursors.
  static StoreModel read(Db db) {
    var model = new StoreModel();
    for (String name : db.namespaces()) {
      model.create(name);
      NavigableMap<Bytes, Bytes> entries = model.entries(name);
      try (Cursor cursor = namespace(db, name).range(Range.all()).open()) {
        for (; cursor.isValid(); cursor.next()) {
          entries.put(Bytes.of(cursor.key()), Bytes.of(cursor.value()));
        }
      }
    }
    return model;
  }

  /// Everything a store holds, read by cursors in both directions and by point reads, which must
  /// agree.
  static StoreModel readAllWays(Db db) {
    StoreModel model = read(db);
    for (String name : model.names()) {
      KeyValueStore namespace = namespace(db, name);
      NavigableMap<Bytes, Bytes> expected = model.entries(name);
      Map.@Nullable Entry<Bytes, Bytes> entry = expected.lastEntry();
      try (Cursor cursor = namespace.range(Range.all()).reverse().open()) {
        for (; cursor.isValid(); cursor.next()) {
          Bytes key = Bytes.of(cursor.key());
          if (entry == null
              || !key.equals(entry.getKey())
              || !Arrays.equals(cursor.value(), entry.getValue().toArray())) {
            throw new AssertionError(
                "backward at " + key + ", forward at " + (entry == null ? "end" : entry.getKey()));
          }
          entry = expected.lowerEntry(key);
        }
      }
      if (entry != null) {
        throw new AssertionError("backward cursor misses " + entry.getKey());
      }
      expected.forEach((key, value) -> {
        byte[] found = namespace.get(key.toArray());
        if (found == null || !Bytes.of(found).equals(value)) {
          throw new AssertionError(
              name
                  + "/"
                  + key
                  + ": cursor says "
                  + value
                  + ", get says "
                  + (found == null ? "nothing" : Bytes.of(found)));
        }
      });
    }
    return model;
  }

  static KeyValueStore namespace(Db db, String name) {
    return name.equals(DEFAULT) ? db : db.namespace(name);
  }

  /// The first difference, or "" if there is none.
  String difference(StoreModel found) {
    if (!namespaces.keySet().equals(found.namespaces.keySet())) {
      return "namespaces expected " + namespaces.keySet() + ", found " + found.namespaces.keySet();
    }
    for (String name : namespaces.keySet()) {
      NavigableMap<Bytes, Bytes> here = entries(name);
      NavigableMap<Bytes, Bytes> there = found.entries(name);
      for (Map.Entry<Bytes, Bytes> entry : here.entrySet()) {
        Bytes other = there.get(entry.getKey());
        if (!entry.getValue().equals(other)) {
          return name + "/" + entry.getKey() + " expected " + entry.getValue() + ", found " + other;
        }
      }
      for (Map.Entry<Bytes, Bytes> entry : there.entrySet()) {
        if (!here.containsKey(entry.getKey())) {
          return name + "/" + entry.getKey() + " expected nothing, found " + entry.getValue();
        }
      }
    }
    return "";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StoreModel that && namespaces.equals(that.namespaces);
  }

  @Override
  public int hashCode() {
    return namespaces.hashCode();
  }

  /// Numbers of entries.
  @Override
  public String toString() {
    var text = new StringBuilder();
    namespaces.forEach((name, entries) -> text.append(name + ":" + entries.size() + " "));
    return text.toString().strip();
  }
}
