package io.atlaskv.bench.engine;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.ByteBufferProxy;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.GetOp;
import org.lmdbjava.Txn;

/// LMDB through lmdbjava: a tree of pages in one memory-mapped file, one writer at a time.
final class LmdbStore implements BenchStore {
  static final String OPTIONS =
      "LMDB, lmdbjava 0.9.3: MDB_WRITEMAP, MDB_NOSYNC, map of 64 GiB, direct buffers through Unsafe"
          + " (its fastest proxy), read transactions renewed for each get; its cache is the page"
          + " cache; fillsync mdb_env_sync after each commit";

  private static final long MAP_BYTES = 64L << 30;

  private final Env<ByteBuffer> env;
  private final Dbi<ByteBuffer> entries;
  private final ThreadLocal<Buffers> buffers = ThreadLocal.withInitial(Buffers::new);
  private final ThreadLocal<Txn<ByteBuffer>> readers;

  /// Direct memory for one key and one value. Each thread has its own.
  private static final class Buffers {
    private final ByteBuffer key = ByteBuffer.allocateDirect(64);
    private ByteBuffer value = ByteBuffer.allocateDirect(4096);

    ByteBuffer key(byte[] bytes) {
      return key.clear().put(bytes).flip();
    }

    ByteBuffer value(byte[] bytes) {
      if (bytes.length > value.capacity()) {
        value = ByteBuffer.allocateDirect(bytes.length);
      }
      return value.clear().put(bytes).flip();
    }
  }

  private LmdbStore(StoreSettings settings) {
    env =
        Env.create(ByteBufferProxy.PROXY_OPTIMAL)
            .setMapSize(MAP_BYTES)
            .setMaxDbs(1)
            .open(
                settings.directory().toFile(),
                EnvFlags.MDB_WRITEMAP,
                EnvFlags.MDB_NOSYNC,
                EnvFlags.MDB_NOTLS);
    entries = env.openDbi("entries", DbiFlags.MDB_CREATE);
    readers =
        ThreadLocal.withInitial(() -> {
          var reader = env.txnRead();
          reader.reset();
          return reader;
        });
  }

  static BenchStore open(StoreSettings settings) {
    return new LmdbStore(settings);
  }

  @Override
  public void put(byte[] key, byte[] value) {
    var own = buffers.get();
    try (var txn = env.txnWrite()) {
      entries.put(txn, own.key(key), own.value(value));
      txn.commit();
    }
  }

  @Override
  public void putSynced(byte[] key, byte[] value) {
    put(key, value);
    env.sync(true);
  }

  @Override
  public void putBatch(List<byte[]> keys, List<byte[]> values) {
    var own = buffers.get();
    try (var txn = env.txnWrite()) {
      for (int i = 0; i < keys.size(); i++) {
        entries.put(txn, own.key(keys.get(i)), own.value(values.get(i)));
      }
      txn.commit();
    }
  }

  @Override
  public void delete(byte[] key) {
    try (var txn = env.txnWrite()) {
      entries.delete(txn, buffers.get().key(key));
      txn.commit();
    }
  }

  @Override
  public int get(byte[] key, byte[] value) {
    var reader = readers.get();
    reader.renew();
    try {
      return copy(entries.get(reader, buffers.get().key(key)), value);
    } finally {
      reader.reset();
    }
  }

  @Override
  public BenchCursor cursor() {
    var reader = env.txnRead();
    return new PageCursor(reader, entries.openCursor(reader), buffers.get());
  }

  @Override
  public void flush() {
    env.sync(true);
  }

  /// The file is as long as the map, but has holes.
  @Override
  public long diskBytes(Path home) {
    return (env.info().lastPageNumber + 1) * env.stat().pageSize;
  }

  @Override
  public void close() {
    readers.get().close(); // other threads' go with the environment
    env.close();
  }

  private static int copy(@Nullable ByteBuffer found, byte[] target) {
    if (found == null) {
      return -1;
    }
    int length = found.remaining();
    found.get(0, target, 0, length);
    return length;
  }

  private static final class PageCursor implements BenchCursor {
    private final Txn<ByteBuffer> reader;
    private final Cursor<ByteBuffer> cursor;
    private final Buffers buffers;
    private boolean isValid;

    PageCursor(Txn<ByteBuffer> reader, Cursor<ByteBuffer> cursor, Buffers buffers) {
      this.reader = reader;
      this.cursor = cursor;
      this.buffers = buffers;
    }

    @Override
    public void seekToFirst() {
      isValid = cursor.first();
    }

    @Override
    public void seek(byte[] key) {
      isValid = cursor.get(buffers.key(key), GetOp.MDB_SET_RANGE);
    }

    @Override
    public boolean isValid() {
      return isValid;
    }

    @Override
    public void next() {
      isValid = cursor.next();
    }

    @Override
    public int read(byte[] key, byte[] value) {
      return copy(cursor.key(), key) + copy(cursor.val(), value);
    }

    @Override
    public void close() {
      cursor.close();
      reader.close();
    }
  }
}
