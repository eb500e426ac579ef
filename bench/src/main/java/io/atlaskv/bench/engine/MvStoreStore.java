package io.atlaskv.bench.engine;

import java.util.List;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;
import org.jspecify.annotations.Nullable;

/// The store of the H2 database: a copy-on-write tree in Java. A write survives kill -9 only once
/// the store has committed, on its own after up to a second.
final class MvStoreStore implements BenchStore {
  static final String OPTIONS =
      "MVStore 2.4.240: defaults (auto-commit each second: what is younger is lost by kill -9),"
          + " byte[] keys and values, no compression, cache as above; fillsync commit and sync";

  private final MVStore store;
  private final MVMap<byte[], byte[]> map;

  private MvStoreStore(StoreSettings settings) {
    store =
        new MVStore.Builder()
            .fileName(settings.directory().resolve("entries.mv.db").toString())
            .cacheSize((int) (settings.cacheBytes() >> 20))
            .open();
    map =
        store.openMap(
            "entries",
            new MVMap.Builder<byte[], byte[]>()
                .keyType(ByteArrayDataType.INSTANCE)
                .valueType(ByteArrayDataType.INSTANCE));
  }

  static BenchStore open(StoreSettings settings) {
    return new MvStoreStore(settings);
  }

  @Override
  public void put(byte[] key, byte[] value) {
    map.put(key.clone(), value.clone()); // the map keeps what it is given
  }

  @Override
  public void putSynced(byte[] key, byte[] value) {
    put(key, value);
    store.commit();
    store.sync();
  }

  @Override
  public void putBatch(List<byte[]> keys, List<byte[]> values) {
    for (int i = 0; i < keys.size(); i++) {
      put(keys.get(i), values.get(i));
    }
  }

  @Override
  public void delete(byte[] key) {
    map.remove(key);
  }

  @Override
  public int get(byte[] key, byte[] value) {
    return BenchStore.copy(map.get(key), value);
  }

  @Override
  public BenchCursor cursor() {
    return new MapCursor(map);
  }

  @Override
  public void flush() {
    store.commit();
    store.sync();
  }

  @Override
  public void close() {
    store.close();
  }

  private static final class MapCursor implements BenchCursor {
    private final MVMap<byte[], byte[]> map;
    private @Nullable Cursor<byte[], byte[]> cursor;
    private boolean isValid;

    MapCursor(MVMap<byte[], byte[]> map) {
      this.map = map;
    }

    @Override
    public void seekToFirst() {
      seek(new byte[0]);
    }

    @Override
    public void seek(byte[] key) {
      cursor = map.cursor(key);
      next();
    }

    @Override
    public boolean isValid() {
      return isValid;
    }

    @Override
    public void next() {
      isValid = current().hasNext();
      if (isValid) {
        current().next();
      }
    }

    @Override
    public int read(byte[] key, byte[] value) {
      return BenchStore.copy(current().getKey(), key)
          + BenchStore.copy(current().getValue(), value);
    }

    @Override
    public void close() {}

    private Cursor<byte[], byte[]> current() {
      if (cursor == null) {
        throw new IllegalStateException("the cursor was not positioned");
      }
      return cursor;
    }
  }
}
