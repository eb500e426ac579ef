package io.atlaskv.engine.internal.sstable;

import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.engine.internal.base.KeyBytes;
import io.atlaskv.engine.internal.base.NativeBuffer;

/// Notes what the keys of a table begin with, and lays out the prefix filter at its end.
final class PrefixFilterBuilder {
  private final PrefixLengths lengths;
  private final NativeBuffer hashes; // of the prefixes
  private byte[] last = new byte[64];
  private int lastLength; // of the last prefix; 0 if the key before has none

  /// @param hashes empty; lent
  PrefixFilterBuilder(PrefixLengths lengths, NativeBuffer hashes) {
    this.lengths = lengths;
    this.hashes = hashes;
  }

  /// Takes the next key in order.
  void add(byte[] key, int keyLength) {
    int known = lastLength;
    if (known > 0 && keyLength >= known && KeyBytes.equal(key, 0, last, 0, known)) {
      return;
    }
    lastLength = 0;
    if (keyLength <= PrefixFilter.NAMESPACE_BYTES) {
      return;
    }
    int behind = lengths.of(ByteArrays.beInt(key, 0));
    int bytes = PrefixFilter.NAMESPACE_BYTES + behind;
    if (behind == 0 || keyLength < bytes) {
      return;
    }
    hashes.putLong(PrefixFilter.hash(key, bytes));
    if (last.length < bytes) {
      last = new byte[2 * bytes];
    }
    System.arraycopy(key, 0, last, 0, bytes);
    lastLength = bytes;
  }

  /// Appends the filter of a table with keys from `first` to `last`; returns its bytes, 0 if no
  /// namespace between has one. A namespace without any key is told, too: nothing in the table is
  /// its own.
  int append(int firstNamespace, int lastNamespace, NativeBuffer target) {
    PrefixLengths told = lengths.between(firstNamespace, lastNamespace);
    if (told.isEmpty()) {
      return 0;
    }
    int start = target.length();
    target.putInt(told.count());
    for (int i = 0; i < told.count(); i++) {
      target.putInt(told.namespace(i));
      target.putInt(told.bytes(i));
    }
    TableFilterBuilder.append(hashes, PrefixFilter.BITS_PER_PREFIX, target);
    return target.length() - start;
  }
}
