package io.atlaskv.redis.data;

import io.atlaskv.engine.internal.base.InternalKey;
import io.atlaskv.redis.store.Reader;
import org.jspecify.annotations.Nullable;

/// How many bytes one key takes in the store: its rows as a memtable or an uncompressed table holds
/// them, the sequence number behind each included. Older versions that no merge has dropped yet,
/// indexes and filters do not count.
public final class StoredSize {
  private StoredSize() {}

  /// How many fragments of the key found are to be read to know its size.
  public static long reads(Keyspace keys, long samples) {
    Fragments place = keys.fragments();
    return place == null ? 0 : Math.min(samples, place.count());
  }

  /// Bytes of the rows of the key that `keys` has found, or `Reader.NEEDS_BLOCKS`. Of a string in
  /// fragments, `samples` of them, evenly spread, stand for all: those never written take nothing.
  public static long of(Keyspace keys, long samples) {
    int metadataLength = keys.rowLength();
    long bytes = row(metadataLength, MetadataFormat.BYTES + keys.valueLength());
    if (keys.expiresAt() != 0) {
      int expiryLength = metadataLength + RowKey.EXPIRY_PREFIX_BYTES - RowKey.METADATA_PREFIX_BYTES;
      bytes += row(expiryLength, ExpiryFormat.BYTES);
    }
    @Nullable Fragments place = keys.fragments();
    if (place == null || place.count() == 0) {
      return bytes;
    }
    long fragmentBytes = fragments(keys.string(), place, Math.min(samples, place.count()));
    return fragmentBytes == Reader.NEEDS_BLOCKS ? Reader.NEEDS_BLOCKS : bytes + fragmentBytes;
  }

  private static long fragments(StringView string, Fragments place, long samples) {
    boolean isMissing = false;
    long sum = 0;
    for (long sample = 0; sample < samples; sample++) {
      long from = sample * place.count() / samples * place.fragmentBytes();
      if (string.show(from) == Reader.NEEDS_BLOCKS) {
        isMissing = true; // the others are asked for at the same time
      } else if (!string.isHole()) {
        sum += row(FragmentFormat.KEY_BYTES, (int) (string.end() - from));
      }
    }
    return isMissing ? Reader.NEEDS_BLOCKS : sum * place.count() / samples;
  }

  private static long row(int keyBytes, int valueBytes) {
    return (long) keyBytes + InternalKey.TRAILER_BYTES + valueBytes;
  }
}
