package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.Change;
import io.atlaskv.engine.api.ChangeBatch;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.internal.base.BatchReader;
import io.atlaskv.engine.internal.base.BulkLoadMark;
import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.engine.internal.base.ExpiringValue;
import io.atlaskv.engine.internal.base.ValueKind;
import io.atlaskv.engine.internal.db.NamespaceKey;
import io.atlaskv.engine.internal.db.NamespaceRow;
import io.atlaskv.engine.internal.wal.HistoryReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Turns batches of the log into changes of raw namespaces. Knows their names from the directory as
/// it is when the feed begins, and follows its rows from there: a namespace that is in neither is
/// left out, be it of the Redis server or one that was dropped before the feed began.
final class ChangeDecoder {
  private final BatchReader batch = new BatchReader();
  private final NavigableMap<Integer, String> names = new TreeMap<>(Integer::compareUnsigned);
  private final List<Change> changes = new ArrayList<>();

  /// @param names of raw namespaces by their ids
  ChangeDecoder(Map<Integer, String> names) {
    this.names.putAll(names);
  }

  /// The batch that `history` stands on; null if nothing in it is for the user.
  @Nullable ChangeBatch decode(HistoryReader history) {
    changes.clear(); // of a batch that could not be decoded
    batch.reset(history.file(), 0, history.memory(), history.offset(), history.length());
    while (batch.next()) {
      if (batch.kind() != ValueKind.COUNTER) {
        decodeOperation();
      }
    }
    if (changes.isEmpty()) {
      return null;
    }
    var decoded =
        new ChangeBatch(
            history.firstSequence(), history.lastSequence(), history.timeMillis(), changes);
    changes.clear(); // so that nothing holds on to them
    return decoded;
  }

  private void decodeOperation() {
    byte[] key = ByteArrays.copyOf(batch.segment(), batch.keyOffset(), batch.keyLength());
    byte[] value = ByteArrays.copyOf(batch.segment(), batch.valueOffset(), batch.valueLength());
    if (batch.kind() == ValueKind.RANGE_DELETE) {
      decodeRange(key, value);
      return;
    }
    int id = ByteArrays.beInt(key, 0);
    if (id == NamespaceKey.SYSTEM) {
      if (batch.kind() == ValueKind.DELETE && BulkLoadMark.isNamespace(key)) {
        tellLoad(BulkLoadMark.namespaceOf(key));
      } else {
        followDirectory(key, value);
      }
      return;
    }
    String name = names.get(id);
    if (name == null) {
      return;
    }
    switch (batch.kind()) {
      case ValueKind.DELETE -> changes.add(new Change.Delete(name, NamespaceKey.ofUser(key)));
      case ValueKind.PUT_EXPIRING -> {
        long expiresAt = ExpiringValue.expiresAt(batch.segment(), batch.valueOffset());
        int header = ExpiringValue.HEADER_BYTES;
        Bytes rest = Bytes.of(value, header, value.length - header);
        changes.add(new Change.Put(name, NamespaceKey.ofUser(key), rest, expiresAt));
      }
      default -> changes.add(new Change.Put(name, NamespaceKey.ofUser(key), Bytes.of(value)));
    }
  }

  private void tellLoad(int id) {
    String name = names.get(id);
    if (name != null) {
      changes.add(new Change.BulkLoaded(name));
    }
  }

  private void followDirectory(byte[] key, byte[] value) {
    if (!NamespaceKey.isDirectory(key)) {
      return;
    }
    String name = NamespaceKey.nameOf(key, key.length);
    if (batch.kind() == ValueKind.PUT && NamespaceRow.isRaw(value)) {
      names.put(NamespaceRow.decode(name, value).id(), name);
      changes.add(new Change.NamespaceCreated(name));
    } else if (batch.kind() == ValueKind.DELETE) {
      names.values().removeIf(name::equals);
      changes.add(new Change.NamespaceDropped(name));
    }
  }

  /// Transactions used to write one range over neighbouring namespaces: each is told its part.
  private void decodeRange(byte[] start, byte[] end) {
    int first = ByteArrays.beInt(start, 0);
    int last = ByteArrays.beInt(end, 0);
    names
        .subMap(first, true, last, true)
        .forEach((id, name) -> {
          Bytes lower = id == first ? NamespaceKey.ofUser(start) : Bytes.EMPTY;
          Bytes upper = id == last ? NamespaceKey.ofUser(end) : null;
          if (upper == null || upper.length() > 0) { // else it ends before this namespace
            changes.add(
                new Change.DeleteRange(name, new Range(lower.length() == 0 ? null : lower, upper)));
          }
        });
  }
}
