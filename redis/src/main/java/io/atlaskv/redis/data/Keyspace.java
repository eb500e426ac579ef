package io.atlaskv.redis.data;

import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.io.Clock;
import io.atlaskv.redis.resp.Decimal;
import io.atlaskv.redis.store.Batch;
import io.atlaskv.redis.store.Reader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The keys of one database, for one command at a time: reads through a reader, writes into a
/// batch.
///
/// `find` reads one key; what follows (`put`, `delete`, `expire`, the value) is about that key,
/// until the next `find`.
///
/// Invariants:
/// - K1: whatever is written keeps the metadata row, its expiry row and the two counters in step,
///   in the same batch; so `put` and `delete` need a `find` that knew the stored state.
/// - K2: a key whose time has come is never found. A command that writes deletes it at once, with
///   its own batch; of a command that reads, `expiredRow` tells.
/// - K3: `gate` is at least the sequence of every version and tombstone read.
public final class Keyspace {
  /// Counter of keys.
  public static final int KEYS = 0;

  /// Counter of keys that expire.
  public static final int EXPIRING = 1;

  private static final int ROW_BYTES_FIRST = 256;
  private static final int EMBSTR_BYTES_MAX = 44;

  private final Reader reader;
  private final Batch batch;
  private final Clock clock;
  private final Lookup lookup = new Lookup();
  private final MemorySegment digits = Arena.ofAuto().allocate(Decimal.LENGTH_MAX + Long.BYTES);

  private int namespace;
  private byte[] row = new byte[ROW_BYTES_FIRST];
  private byte[] indexRow = new byte[ROW_BYTES_FIRST];
  private int rowLength;
  private boolean isStored;
  private boolean isLive;
  private long expiresAt;
  private long now;
  private long gate;
  private boolean deletesExpired;
  private byte @Nullable [] expiredRow;
  private int expiredCount;
  private KeyListener listener = KeyListener.NONE;
  private @Nullable KeysAhead keysAhead;
  private int numberAhead;

  public Keyspace(Reader reader, Batch batch, Clock clock) {
    this.reader = reader;
    this.batch = batch;
    this.clock = clock;
  }

  /// From now on `newListener` hears what happens.
  public void listener(KeyListener newListener) {
    listener = newListener;
  }

  /// Starts a command on the database in `newNamespace`. One that may write, under the latches of
  /// its keys, deletes expired keys as it meets them.
  public void begin(int newNamespace, boolean mayWrite) {
    namespace = newNamespace;
    deletesExpired = mayWrite;
    now = 0;
    gate = 0;
    expiredRow = null;
    expiredCount = 0;
  }

  /// The command goes on in the database in `newNamespace`.
  public void select(int newNamespace) {
    namespace = newNamespace;
  }

  /// Ends a command: gives back what it has pinned.
  public void end() {
    lookup.release();
    isStored = false;
    isLive = false;
  }

  /// From now on, until told otherwise, key `number` of `keys` is known ahead; null = none is.
  public void knowAhead(@Nullable KeysAhead keys, int number) {
    keysAhead = keys;
    numberAhead = number;
  }

  public int namespace() {
    return namespace;
  }

  public Reader reader() {
    return reader;
  }

  public Batch batch() {
    return batch;
  }

  /// Highest sequence that this command has read (K3).
  public long gate() {
    return gate;
  }

  /// The reply shows everything up to `sequence`.
  public void raiseGate(long sequence) {
    gate = Math.max(gate, sequence);
  }

  /// The time of this command: the same however often it is asked.
  public long nowMillis() {
    if (now == 0) {
      now = clock.currentTimeMillis();
    }
    return now;
  }

  /// Reads a key: `Reader.FOUND`, `ABSENT` (also if it has expired, K2) or `NEEDS_BLOCKS`.
  public int find(MemorySegment key, long offset, int length) {
    reserveRows(length);
    KeysAhead ahead = keysAhead;
    if (ahead != null && ahead.isKey(numberAhead, namespace, key, offset, length)) {
      rowLength = ahead.copyRow(numberAhead, row);
      return heard(readRow(reader.get(ahead.lookahead(), numberAhead, lookup)));
    }
    rowLength = RowKey.metadata(row, namespace, key, offset, length);
    return heard(readRow());
  }

  private int heard(int answer) {
    if (answer == Reader.ABSENT && !deletesExpired) {
      listener.missed(row, rowLength);
    }
    return answer;
  }

  /// Reads the key of an expiry row.
  int findOfExpiry(byte[] expiryRow, int expiryLength) {
    reserveRows(expiryLength);
    rowLength = RowKey.metadataOfExpiry(row, expiryRow, expiryLength);
    return readRow();
  }

  /// Reads the key of a metadata row that a cursor stands at.
  public int findRow(byte[] metadataRow, int metadataLength) {
    reserveRows(metadataLength);
    System.arraycopy(metadataRow, 0, row, 0, metadataLength);
    rowLength = metadataLength;
    return readRow();
  }

  private int readRow() {
    return readRow(reader.get(row, 0, rowLength, lookup));
  }

  private int readRow(int answer) {
    isStored = false;
    isLive = false;
    expiresAt = 0;
    if (answer == Reader.NEEDS_BLOCKS) {
      return answer;
    }
    gate = Math.max(gate, lookup.sequence());
    if (answer == Reader.ABSENT) {
      return Reader.ABSENT;
    }
    if (lookup.length() < MetadataFormat.BYTES
        || MetadataFormat.version(lookup.segment(), lookup.offset()) != MetadataFormat.VERSION) {
      throw new MetadataException("metadata of a key has an unknown version or is cut short");
    }
    isStored = true;
    expiresAt = MetadataFormat.expiresAt(lookup.segment(), lookup.offset());
    isLive = expiresAt == 0 || expiresAt > nowMillis();
    if (!isLive) {
      meetExpired();
      return Reader.ABSENT;
    }
    return Reader.FOUND;
  }

  private void meetExpired() {
    if (deletesExpired) {
      delete();
      expiredCount++;
      listener.expired(row, rowLength);
    } else if (expiredRow == null) {
      expiredRow = Arrays.copyOf(row, rowLength);
    }
  }

  /// The first key of this command that had expired and that it was not allowed to delete.
  public byte @Nullable [] expiredRow() {
    return expiredRow;
  }

  /// True if this command has deleted expired keys.
  public boolean hasMetExpired() {
    return expiredCount > 0;
  }

  /// How many expired keys this command has deleted.
  int expiredCount() {
    return expiredCount;
  }

  /// As `expiredCount`; forgets them.
  public int takeExpired() {
    int count = expiredCount;
    expiredCount = 0;
    return count;
  }

  /// A copy of the metadata row that was looked for last.
  byte[] copyRow() {
    return Arrays.copyOf(row, rowLength);
  }

  /// When the key found expires, in ms since 1970; 0 = never.
  public long expiresAt() {
    return isLive ? expiresAt : 0;
  }

  public byte type() {
    return MetadataFormat.type(lookup.segment(), lookup.offset());
  }

  /// True if the key found is a string.
  public boolean isString() {
    return type() == MetadataFormat.TYPE_STRING;
  }

  public MemorySegment valueSegment() {
    return lookup.segment();
  }

  public long valueOffset() {
    return lookup.offset() + MetadataFormat.BYTES;
  }

  public int valueLength() {
    return lookup.length() - MetadataFormat.BYTES;
  }

  /// Writes the key found as a string that expires at `newExpiresAt` (0 = never).
  public void putString(MemorySegment value, long offset, int length, long newExpiresAt) {
    putString(value, offset, length, newExpiresAt, encodingOf(value, offset, length));
  }

  /// Writes the key found as a number that expires when it did.
  public void putNumber(long number) {
    int length = Decimal.length(number);
    Decimal.write(number, length, digits, 0);
    putString(digits, 0, length, expiresAt(), MetadataFormat.ENCODING_INT);
  }

  private void putString(
      MemorySegment value, long offset, int length, long newExpiresAt, byte encoding) {
    putMetadata(MetadataFormat.TYPE_STRING, encoding, newExpiresAt, value, offset, length);
  }

  /// Changes when the key found expires (0 = never). It must be live.
  public void expire(long newExpiresAt) {
    MemorySegment memory = lookup.segment();
    byte encoding = MetadataFormat.encoding(memory, lookup.offset());
    putMetadata(type(), encoding, newExpiresAt, memory, valueOffset(), valueLength());
  }

  private void putMetadata(
      byte type,
      byte encoding,
      long newExpiresAt,
      MemorySegment value,
      long valueOffset,
      int valueLength) {
    int at = batch.put(row, 0, rowLength, MetadataFormat.BYTES + valueLength);
    MemorySegment memory = batch.segment();
    MetadataFormat.write(memory, at, type, encoding, newExpiresAt);
    MemorySegment.copy(value, valueOffset, memory, (long) at + MetadataFormat.BYTES, valueLength);
    if (!isStored) {
      batch.count(namespace, KEYS, 1);
      listener.created(row, rowLength);
    }
    if (expiresAt != newExpiresAt) {
      moveIndex(newExpiresAt);
    }
  }

  /// Deletes the key found, live or expired; does nothing if it is not stored.
  public void delete() {
    if (!isStored) {
      return;
    }
    batch.delete(row, 0, rowLength);
    batch.count(namespace, KEYS, -1);
    if (expiresAt != 0) {
      moveIndex(0);
    }
    isStored = false;
    isLive = false;
  }

  private void moveIndex(long newExpiresAt) {
    if (expiresAt != 0) {
      int length = RowKey.expiry(indexRow, row, rowLength, expiresAt);
      batch.delete(indexRow, 0, length);
    }
    if (newExpiresAt != 0) {
      int length = RowKey.expiry(indexRow, row, rowLength, newExpiresAt);
      batch.put(indexRow, 0, length, 0);
    }
    if ((expiresAt == 0) != (newExpiresAt == 0)) {
      batch.count(namespace, EXPIRING, expiresAt == 0 ? 1 : -1);
    }
    expiresAt = newExpiresAt;
  }

  private void reserveRows(int keyLength) {
    int bytes = RowKey.EXPIRY_PREFIX_BYTES + keyLength;
    if (bytes > row.length) {
      row = new byte[bytes];
      indexRow = new byte[bytes];
    } else if (row.length > ROW_BYTES_FIRST && bytes <= ROW_BYTES_FIRST) {
      row = new byte[ROW_BYTES_FIRST];
      indexRow = new byte[ROW_BYTES_FIRST];
    }
  }

  private static byte encodingOf(MemorySegment value, long offset, int length) {
    if (length <= Decimal.LENGTH_MAX && Decimal.isLong(value, offset, length)) {
      return MetadataFormat.ENCODING_INT;
    }
    return length <= EMBSTR_BYTES_MAX
        ? MetadataFormat.ENCODING_EMBSTR
        : MetadataFormat.ENCODING_RAW;
  }
}
