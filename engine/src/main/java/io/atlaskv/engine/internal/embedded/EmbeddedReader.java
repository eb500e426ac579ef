package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.api.ByteReader;
import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.Cursor;
import io.atlaskv.engine.api.Explanation;
import io.atlaskv.engine.api.KeyValueReader;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.RangeQuery;
import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.db.Engine;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Blocking reads of one namespace, of the newest data or of a snapshot.
abstract sealed class EmbeddedReader implements KeyValueReader, CursorSource
    permits EmbeddedNamespace, EmbeddedSnapshot.OfNamespace, EmbeddedTransactionStore.Base {
  private final EmbeddedDb db;
  private final int namespaceId;

  EmbeddedReader(EmbeddedDb db, int namespaceId) {
    this.db = db;
    this.namespaceId = namespaceId;
  }

  final EmbeddedDb db() {
    return db;
  }

  final int namespaceId() {
    return namespaceId;
  }

  /// The snapshot's sequence or `Engine.LATEST`.
  ///
  /// @throws RuntimeException if nothing may be read through this any more
  abstract long readSequence();

  @Override
  public final byte @Nullable [] get(byte[] key) {
    PointReader reader = find(key);
    try {
      Lookup lookup = reader.lookup;
      if (lookup.state() != Lookup.FOUND) {
        return null;
      }
      byte[] value = new byte[lookup.length()];
      MemorySegment.copy(lookup.segment(), Layouts.BYTE, lookup.offset(), value, 0, value.length);
      return value;
    } finally {
      db.done(reader);
    }
  }

  @Override
  public final List<byte @Nullable []> getAll(List<byte[]> keys) {
    byte[][] asked = ManyReader.keys(keys);
    long sequence = readSequence();
    ManyReader reader = db.manyReader();
    try {
      reader.begin(namespaceId, sequence, asked).complete();
      return reader.values();
    } finally {
      db.done(reader);
      Reference.reachabilityFence(this); // as in `find`
    }
  }

  @Override
  public final long get(byte[] key, MemorySegment target) {
    PointReader reader = find(key);
    try {
      Lookup lookup = reader.lookup;
      if (lookup.state() != Lookup.FOUND) {
        return -1;
      }
      long copied = Math.min(lookup.length(), target.byteSize());
      MemorySegment.copy(lookup.segment(), lookup.offset(), target, 0, copied);
      return lookup.length();
    } finally {
      db.done(reader);
    }
  }

  @Override
  public final <T> @Nullable T get(byte[] key, Codec<T> codec) {
    PointReader reader = find(key);
    try {
      Lookup lookup = reader.lookup;
      if (lookup.state() != Lookup.FOUND) {
        return null;
      }
      return codec.decodeAll(ByteReader.of(lookup.segment(), lookup.offset(), lookup.length()));
    } finally {
      db.done(reader);
    }
  }

  @Override
  public final boolean contains(byte[] key) {
    PointReader reader = find(key);
    try {
      return reader.lookup.state() == Lookup.FOUND;
    } finally {
      db.done(reader);
    }
  }

  @Override
  public final @Nullable Instant expiryOf(byte[] key) {
    PointReader reader = find(key);
    try {
      Lookup lookup = reader.lookup;
      return lookup.state() != Lookup.FOUND || lookup.expiresAtMillis() == Lookup.NEVER
          ? null
          : Instant.ofEpochMilli(lookup.expiresAtMillis());
    } finally {
      db.done(reader);
    }
  }

  @Override
  public final Explanation explain(byte[] key) {
    requireKey(key.length);
    long sequence = readSequence();
    Engine engine = db.engine();
    PointReader reader = db.reader();
    try {
      reader.key(namespaceId, key);
      byte[] fullKey = Arrays.copyOf(reader.key(), reader.keyLength());
      boolean isOwn = sequence == Engine.LATEST;
      long snapshot = isOwn ? engine.acquireSnapshot() : sequence;
      try {
        return engine.explain(reader.context, snapshot, fullKey);
      } finally {
        if (isOwn) {
          engine.releaseSnapshot(snapshot);
        }
      }
    } finally {
      db.done(reader);
      Reference.reachabilityFence(this); // as in `find`
    }
  }

  private PointReader find(byte[] key) {
    requireKey(key.length);
    long sequence = readSequence();
    PointReader reader = db.reader();
    try {
      reader.key(namespaceId, key);
      Engine engine = db.engine();
      if (sequence == Engine.LATEST) {
        engine.get(reader.context, reader.key(), 0, reader.keyLength(), reader.lookup);
      } else {
        engine.get(reader.context, sequence, reader.key(), 0, reader.keyLength(), reader.lookup);
        readSequence(); // a snapshot that was closed meanwhile may have been answered wrongly
      }
      reader.count(namespaceId);
      return reader;
    } catch (Throwable e) {
      db.done(reader);
      throw e;
    } finally {
      Reference.reachabilityFence(this); // a snapshot that is lost is not registered any more
    }
  }

  @Override
  public final RangeQuery range(Range range) {
    return new EmbeddedRangeQuery(this, range, false, Long.MAX_VALUE);
  }

  @Override
  public final Cursor open(EmbeddedRangeQuery query) {
    return db.openCursor(this, query);
  }

  static void requireKey(long length) {
    if (length > KeyValueStore.KEY_BYTES_MAX) {
      throw new IllegalArgumentException(
          "key of " + length + " bytes is longer than " + KeyValueStore.KEY_BYTES_MAX);
    }
  }
}
