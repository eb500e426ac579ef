package io.atlaskv.example.eventstore;

import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Entry;
import io.atlaskv.engine.api.KeyValueReader;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.TransactionStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongBinaryOperator;
import java.util.stream.Stream;

/// Streams of events, each with versions 1, 2, 3, ... Events are never changed or deleted, so what
/// was true at an instant is what the events up to it make: [#stateAt].
///
/// Kept in the namespace `events`, by stream and version. May be used by any number of threads.
public final class EventStore {
  static final String NAMESPACE = "events";

  private final Db db;
  private final KeyValueStore events;
  private final InstantSource clock;

  /// @param clock what says when an event is appended
  public EventStore(Db db, InstantSource clock) {
    this.db = db;
    this.clock = clock;
    events = db.namespace(NAMESPACE);
  }

  /// Appends an event to a stream of which the caller has seen `expectedVersion` events.
  ///
  /// @throws StaleVersionException if there are others by now; nothing was appended then
  public Event append(String stream, long expectedVersion, String type, long amount) {
    return db.transactResult(tx -> {
      TransactionStore store = tx.of(events);
      Optional<Event> last = last(store, stream);
      long version = last.map(Event::version).orElse(0L);
      if (version != expectedVersion) {
        throw new StaleVersionException(stream, expectedVersion, version);
      }
      Instant now = clock.instant();
      Instant at = last.map(Event::at).filter(now::isBefore).orElse(now); // a clock set back
      var event = new Event(stream, version + 1, at, type, amount);
      store.put(event.key(), event.value());
      return event;
    });
  }

  /// Number of events of a stream.
  public long version(String stream) {
    return last(events, stream).map(Event::version).orElse(0L);
  }

  /// Events of a stream, the first one first. Read to its end, or closed.
  public Stream<Event> events(String stream) {
    return events.range(EventKey.all(stream)).stream().map(EventStore::event);
  }

  /// What the events of a stream up to an instant, with it, make of 0.
  ///
  /// @param apply takes the state and an event's amount; events of other types are left out
  public long stateAt(String stream, Instant instant, String type, LongBinaryOperator apply) {
    long state = 0;
    try (Stream<Event> all = events(stream)) {
      for (Event event : (Iterable<Event>) all.takeWhile(e -> !e.at().isAfter(instant))::iterator) {
        if (event.type().equals(type)) {
          state = apply.applyAsLong(state, event.amount());
        }
      }
    }
    return state;
  }

  private static Optional<Event> last(KeyValueReader reader, String stream) {
    try (Stream<Entry> newest = reader.range(EventKey.all(stream)).reverse().limit(1).stream()) {
      return newest.map(EventStore::event).findFirst();
    }
  }

  private static Event event(Entry entry) {
    return Event.of(entry.key(), entry.value());
  }
}
