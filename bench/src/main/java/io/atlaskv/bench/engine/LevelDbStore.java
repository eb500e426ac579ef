package io.atlaskv.bench.engine;

import static org.fusesource.leveldbjni.JniDBFactory.factory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.iq80.leveldb.CompressionType;
import org.iq80.leveldb.DB;
import org.iq80.leveldb.DBIterator;
import org.iq80.leveldb.Options;
import org.iq80.leveldb.WriteOptions;

/// LevelDB through its Java binding, which knows no filters.
final class LevelDbStore implements BenchStore {
  static final String OPTIONS =
      "LevelDB, leveldbjni 1.8: Snappy, no filter (the binding has none); sync=false, fillsync"
          + " sync=true";

  private static final WriteOptions SYNCED = new WriteOptions().sync(true);

  private final DB db;

  private LevelDbStore(StoreSettings settings) throws IOException {
    db =
        factory.open(
            settings.directory().toFile(),
            new Options()
                .createIfMissing(true)
                .writeBufferSize((int) settings.memtableBytes())
                .cacheSize(settings.cacheBytes())
                .compressionType(CompressionType.SNAPPY));
  }

  static BenchStore open(StoreSettings settings) {
    try {
      return new LevelDbStore(settings);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void put(byte[] key, byte[] value) {
    db.put(key, value);
  }

  @Override
  public void putSynced(byte[] key, byte[] value) {
    db.put(key, value, SYNCED);
  }

  @Override
  public void putBatch(List<byte[]> keys, List<byte[]> values) {
    try (var batch = db.createWriteBatch()) {
      for (int i = 0; i < keys.size(); i++) {
        batch.put(keys.get(i), values.get(i));
      }
      db.write(batch);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void delete(byte[] key) {
    db.delete(key);
  }

  @Override
  public int get(byte[] key, byte[] value) {
    return BenchStore.copy(db.get(key), value);
  }

  @Override
  public BenchCursor cursor() {
    return new IteratorCursor(db.iterator());
  }

  /// Does nothing: the binding cannot ask for a flush. The wait for quiet has what runs already.
  @Override
  public void flush() {}

  @Override
  public void close() {
    try {
      db.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record IteratorCursor(DBIterator iterator) implements BenchCursor {
    @Override
    public void seekToFirst() {
      iterator.seekToFirst();
    }

    @Override
    public void seek(byte[] key) {
      iterator.seek(key);
    }

    @Override
    public boolean isValid() {
      return iterator.hasNext();
    }

    @Override
    public void next() {
      iterator.next();
    }

    @Override
    public int read(byte[] key, byte[] value) {
      var entry = iterator.peekNext();
      return BenchStore.copy(entry.getKey(), key) + BenchStore.copy(entry.getValue(), value);
    }

    @Override
    public void close() {
      try {
        iterator.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
