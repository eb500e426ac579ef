package io.atlaskv.engine.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Writes that take effect together or not at all, in their order. Operations without a namespace
/// belong to the one the batch is written to. Keys and values are copied when they are added. Not
/// thread-safe; may be written more than once.
public final class WriteBatch {

  /// Sees the operations of a batch in order, as slices of one buffer that must not be changed. A
  /// null namespace is the one the batch is written to.
  public interface Visitor {
    /// A value is set.
    void put(
        @Nullable KeyValueStore namespace,
        byte[] buffer,
        int keyOffset,
        int keyLength,
        int valueOffset,
        int valueLength);

    /// A value is set that expires.
    void putExpiring(
        @Nullable KeyValueStore namespace,
        byte[] buffer,
        int keyOffset,
        int keyLength,
        int valueOffset,
        int valueLength,
        Expiry expiry);

    /// A key is deleted.
    void delete(@Nullable KeyValueStore namespace, byte[] buffer, int keyOffset, int keyLength);

    /// A range of keys is deleted.
    void deleteRange(@Nullable KeyValueStore namespace, Range range);
  }

  private static final int PUT = 1;
  private static final int DELETE = 2;
  private static final int DELETE_RANGE = 3;
  private static final int PUT_EXPIRING = 4;

  /// Ints kept per operation: kind, namespace or range, offset, key length, value length.
  private static final int STRIDE = 5;

  private static final int OWN_NAMESPACE = -1;

  private final List<KeyValueStore> namespaces = new ArrayList<>(0);
  private final List<Range> ranges = new ArrayList<>(0);
  private final List<Expiry> expiries = new ArrayList<>(0);
  private int[] operations = new int[8 * STRIDE];
  private byte[] buffer = new byte[512];
  private int used;
  private int count;

  /// An empty batch.
  public WriteBatch() {}

  /// A batch filled by `filler`: `WriteBatch.of(b -> b.put(k1, v1).delete(k2))`.
  public static WriteBatch of(Consumer<WriteBatch> filler) {
    var batch = new WriteBatch();
    filler.accept(batch);
    return batch;
  }

  /// Sets a value.
  public WriteBatch put(byte[] key, byte[] value) {
    return add(PUT, OWN_NAMESPACE, key, value);
  }

  /// Sets a value in another namespace of the same store.
  public WriteBatch put(KeyValueStore namespace, byte[] key, byte[] value) {
    return add(PUT, indexOf(namespace), key, value);
  }

  /// Sets a value that expires.
  public WriteBatch put(byte[] key, byte[] value, Expiry expiry) {
    return addExpiring(OWN_NAMESPACE, key, value, expiry);
  }

  /// Sets a value that expires in another namespace of the same store.
  public WriteBatch put(KeyValueStore namespace, byte[] key, byte[] value, Expiry expiry) {
    return addExpiring(indexOf(namespace), key, value, expiry);
  }

  /// Deletes a key.
  public WriteBatch delete(byte[] key) {
    return add(DELETE, OWN_NAMESPACE, key, new byte[0]);
  }

  /// Deletes a key of another namespace of the same store.
  public WriteBatch delete(KeyValueStore namespace, byte[] key) {
    return add(DELETE, indexOf(namespace), key, new byte[0]);
  }

  /// Deletes all keys of a range.
  public WriteBatch deleteRange(Range range) {
    return addRange(OWN_NAMESPACE, range);
  }

  /// Deletes all keys of a range of another namespace of the same store.
  public WriteBatch deleteRange(KeyValueStore namespace, Range range) {
    return addRange(indexOf(namespace), range);
  }

  /// Deletes all keys from `lower` up to but without `upper`.
  public WriteBatch deleteRange(byte[] lower, byte[] upper) {
    return deleteRange(Range.closedOpen(lower, upper));
  }

  /// Shows all operations to `visitor`, in order.
  public void visit(Visitor visitor) {
    int nextRange = 0;
    int nextExpiry = 0;
    for (int i = 0; i < count; i++) {
      int at = i * STRIDE;
      int index = operations[at + 1];
      KeyValueStore namespace = index == OWN_NAMESPACE ? null : namespaces.get(index);
      int offset = operations[at + 2];
      int keyLength = operations[at + 3];
      switch (operations[at]) {
        case PUT ->
            visitor.put(
                namespace, buffer, offset, keyLength, offset + keyLength, operations[at + 4]);
        case PUT_EXPIRING ->
            visitor.putExpiring(
                namespace,
                buffer,
                offset,
                keyLength,
                offset + keyLength,
                operations[at + 4],
                expiries.get(nextExpiry++));
        case DELETE -> visitor.delete(namespace, buffer, offset, keyLength);
        case DELETE_RANGE -> visitor.deleteRange(namespace, ranges.get(nextRange++));
        default -> throw new AssertionError("kind=" + operations[at]);
      }
    }
  }

  /// Number of operations.
  public int count() {
    return count;
  }

  /// Bytes of all keys and values.
  public int bytes() {
    return used;
  }

  /// Forgets all operations; keeps the memory.
  public void clear() {
    namespaces.clear();
    ranges.clear();
    expiries.clear();
    used = 0;
    count = 0;
  }

  private WriteBatch add(int kind, int namespace, byte[] key, byte[] value) {
    int end = Math.addExact(used, Math.addExact(key.length, value.length));
    if (end > buffer.length) {
      buffer = Arrays.copyOf(buffer, (int) Math.min(Integer.MAX_VALUE - 8L, end * 2L));
    }
    System.arraycopy(key, 0, buffer, used, key.length);
    System.arraycopy(value, 0, buffer, used + key.length, value.length);
    note(kind, namespace, used, key.length, value.length);
    used = end;
    return this;
  }

  private WriteBatch addExpiring(int namespace, byte[] key, byte[] value, Expiry expiry) {
    Objects.requireNonNull(expiry, "expiry");
    add(PUT_EXPIRING, namespace, key, value);
    expiries.add(expiry); // last: what `add` refuses must leave none behind
    return this;
  }

  private WriteBatch addRange(int namespace, Range range) {
    ranges.add(Objects.requireNonNull(range, "range"));
    note(DELETE_RANGE, namespace, used, 0, 0);
    return this;
  }

  private void note(int kind, int namespace, int offset, int keyLength, int valueLength) {
    int at = count * STRIDE;
    if (at == operations.length) {
      operations = Arrays.copyOf(operations, at * 2);
    }
    operations[at] = kind;
    operations[at + 1] = namespace;
    operations[at + 2] = offset;
    operations[at + 3] = keyLength;
    operations[at + 4] = valueLength;
    count++;
  }

  private int indexOf(KeyValueStore namespace) {
    int index = namespaces.indexOf(namespace);
    if (index < 0) {
      index = namespaces.size();
      namespaces.add(namespace);
    }
    return index;
  }
}
