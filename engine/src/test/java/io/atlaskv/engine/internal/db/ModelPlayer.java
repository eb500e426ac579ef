package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.Range;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Plays steps on sorted maps: what is right by definition.
final class ModelPlayer implements Player {
  private StoreModel model = new StoreModel();
  private final @Nullable StoreModel[] snapshots = new StoreModel[Step.SLOTS];
  private final @Nullable ModelCursor[] cursors = new ModelCursor[Step.SLOTS];
  private final @Nullable Moment[] moments = new Moment[Step.MOMENTS];
  private final Map<String, Integer> drops = new HashMap<>();
  private int hour;

  /// What was there, and how often each namespace had been dropped.
  private record Moment(StoreModel model, Map<String, Integer> drops) {}

  /// Of a cursor: the range's entries in the query's direction, and where it stands.
  private static final class ModelCursor {
    final List<Map.Entry<Bytes, Bytes>> entries;
    final Map<Bytes, Integer> expiries;
    final Comparator<Bytes> order;
    final int limit;
    int index;
    int passed;

    /// @param expiries hours at which entries of the range expire, if they do
    ModelCursor(
        NavigableMap<Bytes, Bytes> range,
        Map<Bytes, Integer> expiries,
        boolean isReverse,
        int limit) {
      this.expiries = expiries;
      NavigableMap<Bytes, Bytes> directed = isReverse ? range.descendingMap() : range;
      this.entries = new ArrayList<>(directed.entrySet());
      this.order = isReverse ? Comparator.reverseOrder() : Comparator.naturalOrder();
      this.limit = limit;
    }

    boolean isValid() {
      return passed < limit && index >= 0 && index < entries.size();
    }

    /// Whether the entry at `index` has expired: it is passed over, but stays where a cursor stood
    /// on it before.
    private boolean isDue(int hour) {
      Integer expiry =
          index >= 0 && index < entries.size() ? expiries.get(entries.get(index).getKey()) : null;
      return expiry != null && expiry <= hour;
    }

    String move(Step.Move move, Bytes target, int hour) {
      switch (move) {
        case NEXT -> {
          if (!isValid()) {
            return REFUSED;
          }
          passed++;
          if (passed < limit) {
            index++;
            skip(1, hour);
          }
        }
        case PREV -> {
          if (!isValid()) {
            return REFUSED;
          }
          passed = Math.max(0, passed - 1);
          index--;
          skip(-1, hour);
        }
        case FIRST -> {
          passed = 0;
          index = 0;
          skip(1, hour);
        }
        case LAST -> {
          passed = 0;
          index = entries.size() - 1;
          skip(-1, hour);
        }
        case SEEK -> {
          passed = 0;
          index = 0;
          while (index < entries.size() && order.compare(entries.get(index).getKey(), target) < 0) {
            index++;
          }
          skip(1, hour);
        }
      }
      return place();
    }

    private void skip(int by, int hour) {
      while (isDue(hour)) {
        index += by;
      }
    }

    String place() {
      return isValid()
          ? Player.text(entries.get(index).getKey(), entries.get(index).getValue())
          : END;
    }
  }

  StoreModel model() {
    return model;
  }

  /// The maps stay as they are from now on; later writes go to a copy.
  private StoreModel frozen() {
    StoreModel now = model;
    model = model.copy();
    return now;
  }

  private @Nullable StoreModel at(int slot) {
    return slot == Step.LATEST ? model : snapshots[slot];
  }

  @Override
  public String play(Step step) {
    return switch (step) {
      case Step.Apply apply -> {
        apply.write().needs().forEach(model::create);
        apply.write().to(model);
        if (apply.write() instanceof Write.Drop drop) {
          drops.merge(drop.namespace(), 1, Integer::sum);
        }
        yield DONE;
      }
      case Step.Get get -> {
        StoreModel at = at(get.slot());
        if (at == null) {
          yield EMPTY_SLOT;
        }
        if (!at.has(get.namespace())) {
          yield NO_NAMESPACE;
        }
        Bytes value = at.entries(get.namespace()).get(get.key());
        yield value == null ? END : Player.text(value);
      }
      case Step.Scan scan -> scan(scan);
      case Step.OpenSnapshot open -> {
        snapshots[open.slot()] = frozen();
        yield DONE;
      }
      case Step.CloseSnapshot close -> {
        snapshots[close.slot()] = null;
        yield DONE;
      }
      case Step.Remember remember -> {
        moments[remember.moment()] = new Moment(frozen(), Map.copyOf(drops));
        yield DONE;
      }
      case Step.ReadPast past -> {
        Moment moment = moments[past.moment()];
        if (moment == null) {
          yield EMPTY_SLOT;
        }
        String name = past.on().namespace();
        boolean isSame = Objects.equals(moment.drops.get(name), drops.get(name));
        yield isSame ? scan(moment.model, past.on()) : NO_NAMESPACE;
      }
      case Step.OpenCursor open -> open(open);
      case Step.MoveCursor move -> {
        ModelCursor cursor = cursors[move.slot()];
        yield cursor == null ? EMPTY_SLOT : cursor.move(move.move(), move.target(), hour);
      }
      case Step.CloseCursor close -> {
        cursors[close.slot()] = null;
        yield DONE;
      }
      case Step.Maintain _ -> DONE;
      case Step.PassHour _ -> {
        hour++;
        model.pass(hour);
        for (StoreModel snapshot : snapshots) {
          if (snapshot != null) {
            snapshot.pass(hour);
          }
        }
        for (Moment moment : moments) {
          if (moment != null) {
            moment.model.pass(hour);
          }
        }
        yield DONE;
      }
      case Step.ExpiryOf of -> expiryOf(of);
      case Step.Restart _ -> {
        close();
        yield DONE;
      }
      case Step.ReadAll _ -> model.toString() + " " + Integer.toHexString(model.hashCode());
    };
  }

  private String expiryOf(Step.ExpiryOf of) {
    StoreModel at = at(of.slot());
    if (at == null) {
      return EMPTY_SLOT;
    }
    if (!at.has(of.namespace())) {
      return NO_NAMESPACE;
    }
    Integer expiry = at.expiryHour(of.namespace(), of.key());
    return expiry == null ? END : "hour " + expiry;
  }

  private String scan(Step.Scan scan) {
    StoreModel at = at(scan.slot());
    if (at == null) {
      return EMPTY_SLOT;
    }
    return scan(at, scan);
  }

  private static String scan(StoreModel at, Step.Scan scan) {
    if (!at.has(scan.namespace())) {
      return NO_NAMESPACE;
    }
    var text = new StringBuilder();
    NavigableMap<Bytes, Bytes> part = part(at, scan.namespace(), scan.range());
    if (scan.isReverse()) {
      part = part.descendingMap();
    }
    part.entrySet().stream()
        .limit(scan.limit())
        .forEach(entry -> text.append(Player.text(entry.getKey(), entry.getValue())).append(' '));
    return text.append(END).toString();
  }

  private String open(Step.OpenCursor open) {
    cursors[open.slot()] = null;
    Step.Scan on = open.on();
    StoreModel at = at(on.slot());
    if (at == null) {
      return EMPTY_SLOT;
    }
    if (!at.has(on.namespace())) {
      return NO_NAMESPACE;
    }
    var entries = new TreeMap<>(part(at, on.namespace(), on.range()));
    var expiries = new TreeMap<Bytes, Integer>();
    for (Bytes key : entries.keySet()) {
      Integer expiry = at.expiryHour(on.namespace(), key);
      if (expiry != null) {
        expiries.put(key, expiry);
      }
    }
    var cursor = new ModelCursor(entries, expiries, on.isReverse(), on.limit());
    cursors[open.slot()] = cursor;
    return cursor.place();
  }

  private static NavigableMap<Bytes, Bytes> part(StoreModel at, String namespace, Range range) {
    return StoreModel.within(at.entries(namespace), range);
  }

  @Override
  public void close() {
    Arrays.fill(snapshots, null);
    Arrays.fill(cursors, null);
  }
}
