package io.atlaskv.bench.engine;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.Cursor;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.WriteBatch;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/// AtlasKV with its own defaults.
final class AtlasKvStore implements BenchStore {
  static final String OPTIONS =
      "AtlasKV: defaults; get into a reused array; durability os, fillsync always";

  private final Db db;

  private AtlasKvStore(Db db) {
    this.db = db;
  }

  static BenchStore open(StoreSettings settings) {
    var options =
        Options.DEFAULT
            .withDurability(Durability.OS)
            .withMemtableBytes(settings.memtableBytes())
            .withBlockCacheBytes(settings.cacheBytes());
    return new AtlasKvStore(AtlasKv.open(settings.directory(), options));
  }

  @Override
  public void put(byte[] key, byte[] value) {
    db.put(key, value);
  }

  @Override
  public void putSynced(byte[] key, byte[] value) {
    db.put(key, value, Durability.ALWAYS);
  }

  @Override
  public void putBatch(List<byte[]> keys, List<byte[]> values) {
    var batch = new WriteBatch();
    for (int i = 0; i < keys.size(); i++) {
      batch.put(keys.get(i), values.get(i));
    }
    db.write(batch);
  }

  @Override
  public void delete(byte[] key) {
    db.delete(key);
  }

  @Override
  public int get(byte[] key, byte[] value) {
    return (int) db.get(key, MemorySegment.ofArray(value));
  }

  @Override
  public BenchCursor cursor() {
    return new EngineCursor(db.range(Range.all()).open());
  }

  @Override
  public void flush() {
    db.flush();
  }

  @Override
  public boolean hasCheckpoints() {
    return true;
  }

  @Override
  public void checkpoint(Path target) {
    db.checkpoint(target);
  }

  @Override
  public void close() {
    db.close();
  }

  private record EngineCursor(Cursor cursor) implements BenchCursor {
    @Override
    public void seekToFirst() {
      cursor.seekToFirst();
    }

    @Override
    public void seek(byte[] key) {
      cursor.seek(key);
    }

    @Override
    public boolean isValid() {
      return cursor.isValid();
    }

    @Override
    public void next() {
      cursor.next();
    }

    @Override
    public int read(byte[] key, byte[] value) {
      return cursor.key(key) + (int) cursor.value(MemorySegment.ofArray(value));
    }

    @Override
    public void close() {
      cursor.close();
    }
  }
}
