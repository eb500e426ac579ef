package io.atlaskv.bench.engine;

import java.nio.file.Path;
import java.util.List;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.Checkpoint;
import org.rocksdb.CompressionType;
import org.rocksdb.FlushOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// RocksDB through its Java binding, tuned as one would for this load.
final class RocksDbStore implements BenchStore {
  static final String OPTIONS =
      "rocksdbjni 11.8.1: Bloom filter 10 bits, LRU block cache, 4 KiB blocks, levels 0 and 1"
          + " uncompressed, LZ4 below, dynamic level bytes, max_background_jobs 2; get into a"
          + " reused array, one ReadOptions and WriteOptions for all; sync=false, fillsync sync=true";

  static {
    RocksDB.loadLibrary();
  }

  private final RocksDB db;
  private final Options options;
  private final Cache cache;
  private final BloomFilter filter;
  private final WriteOptions plain = new WriteOptions();
  private final WriteOptions synced = new WriteOptions().setSync(true);
  private final ReadOptions read = new ReadOptions();

  private RocksDbStore(StoreSettings settings) throws RocksDBException {
    cache = new LRUCache(settings.cacheBytes());
    filter = new BloomFilter(10);
    options =
        new Options()
            .setCreateIfMissing(true)
            .setWriteBufferSize(settings.memtableBytes())
            .setMaxBackgroundJobs(2)
            .setLevelCompactionDynamicLevelBytes(true)
            .setCompressionPerLevel(
                List.of(
                    CompressionType.NO_COMPRESSION,
                    CompressionType.NO_COMPRESSION,
                    CompressionType.LZ4_COMPRESSION,
                    CompressionType.LZ4_COMPRESSION,
                    CompressionType.LZ4_COMPRESSION,
                    CompressionType.LZ4_COMPRESSION,
                    CompressionType.LZ4_COMPRESSION))
            .setTableFormatConfig(
                new BlockBasedTableConfig().setBlockCache(cache).setFilterPolicy(filter));
    db = RocksDB.open(options, settings.directory().toString());
  }

  static BenchStore open(StoreSettings settings) {
    try {
      return new RocksDbStore(settings);
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void put(byte[] key, byte[] value) {
    try {
      db.put(plain, key, value);
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void putSynced(byte[] key, byte[] value) {
    try {
      db.put(synced, key, value);
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void putBatch(List<byte[]> keys, List<byte[]> values) {
    try (var batch = new WriteBatch()) {
      for (int i = 0; i < keys.size(); i++) {
        batch.put(keys.get(i), values.get(i));
      }
      db.write(plain, batch);
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void delete(byte[] key) {
    try {
      db.delete(plain, key);
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public int get(byte[] key, byte[] value) {
    try {
      return db.get(read, key, value);
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public BenchCursor cursor() {
    return new IteratorCursor(db.newIterator(read));
  }

  @Override
  public void flush() {
    try (var wait = new FlushOptions().setWaitForFlush(true)) {
      db.flush(wait);
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public boolean hasCheckpoints() {
    return true;
  }

  @Override
  public void checkpoint(Path target) {
    try (var checkpoint = Checkpoint.create(db)) {
      checkpoint.createCheckpoint(target.toString());
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    db.close();
    options.close();
    plain.close();
    synced.close();
    read.close();
    filter.close();
    cache.close();
  }

  private record IteratorCursor(RocksIterator iterator) implements BenchCursor {
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
      return iterator.isValid();
    }

    @Override
    public void next() {
      iterator.next();
    }

    @Override
    public int read(byte[] key, byte[] value) {
      return iterator.key(key) + iterator.value(value);
    }

    @Override
    public void close() {
      iterator.close();
    }
  }
}
