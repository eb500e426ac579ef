package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.CompactionFilter;
import io.atlaskv.engine.api.StoreEvent;
import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.engine.internal.compaction.ValueFilter;
import io.atlaskv.engine.internal.events.StoreEvents;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The users' filters of a store, by namespace. Thread-safe.
final class CompactionFilters {
  private record Known(String namespace, CompactionFilter filter, AtomicBoolean hasFailed) {}

  private final Map<String, CompactionFilter> byName;
  private final Map<Integer, Known> byId = new ConcurrentHashMap<>();
  private final StoreEvents events;

  CompactionFilters(Map<String, CompactionFilter> byName, StoreEvents events) {
    this.byName = byName;
    this.events = events;
  }

  /// Tells the id of a namespace, which it has for good.
  void known(String namespace, int id) {
    CompactionFilter filter = byName.get(namespace);
    if (filter != null) {
      byId.putIfAbsent(id, new Known(namespace, filter, new AtomicBoolean()));
    }
  }

  /// A namespace was dropped: nobody is asked for what merges still find of it.
  void forget(int id) {
    byId.remove(id);
  }

  /// What a job asks.
  ValueFilter forJob() {
    return byName.isEmpty() ? ValueFilter.NONE : new OfJob();
  }

  /// Keys come in order, so a namespace is looked up once.
  private final class OfJob implements ValueFilter {
    private boolean hasLast;
    private int lastId;
    private @Nullable Known last;

    @Override
    public byte @Nullable [] filter(
        byte[] key, int keyLength, MemorySegment value, long valueOffset, int valueLength) {
      if (keyLength < NamespaceKey.ID_BYTES) {
        return KEEP;
      }
      int id = ByteArrays.beInt(key, 0);
      if (!hasLast || id != lastId) {
        hasLast = true;
        lastId = id;
        last = byId.get(id);
      }
      Known known = last;
      return known == null
          ? KEEP
          : ask(
              known,
              Arrays.copyOfRange(key, NamespaceKey.ID_BYTES, keyLength),
              ByteArrays.copyOf(value, valueOffset, valueLength));
    }

    @SuppressWarnings("ReferenceEquality") // the very array it was given means: keep it
    private byte @Nullable [] ask(Known known, byte[] key, byte[] value) {
      try {
        byte[] answer = known.filter.filter(key, value);
        return answer == value ? KEEP : answer;
      } catch (RuntimeException | Error e) { // the user's code: no reason to stop a compaction
        if (known.hasFailed.compareAndSet(false, true)) {
          events.tell(new StoreEvent.CompactionFilterFailed(known.namespace, e));
        }
        return KEEP;
      }
    }
  }
}
