package io.atlaskv.redis.data;

import io.atlaskv.engine.internal.base.Hash64;
import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.io.Clock;
import io.atlaskv.redis.resp.Decimal;
import io.atlaskv.redis.store.Batch;
import io.atlaskv.redis.store.Reader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// The keys of one database, for one command at a time: reads through a reader, writes into a
/// batch.
///
/// `find` reads one key; what follows (`put`, `delete`, `expire`, the value) is about that key,
/// until the next `find`.
///
/// Invariants:
/// - K1: whatever is written keeps the metadata row, its expiry row (what that says of other rows
///   too) and the three counters in step, in the same batch, under the latch of the key; so `put`
///   and `delete` need a `find` that knew the stored state.
/// - K2: a key whose time has come is never found. A command that writes deletes it at once, with
///   its own batch; of a command that reads, `expiredRows` tells.
/// - K3: `gate` is at least the sequence of every version and tombstone read.
public final class Keyspace {
  /// Counter of keys.
  public static final int KEYS = 0;

  /// Counter of keys that expire.
  public static final int EXPIRING = 1;

  /// Counter of the bytes of keys and values, as clients see them.
  public static final int BYTES = 2;

  private static final int ROW_BYTES_FIRST = 256;
  private static final int EMBSTR_BYTES_MAX = 44;
  private static final int EXPIRED_ROWS_MAX = 64;
  private static final long ACCESS_SEED = ThreadLocalRandom.current().nextLong();

  private final Reader reader;
  private final Batch batch;
  private final Clock clock;
  private final StringLayout layout;
  private final Lookup lookup = new Lookup();
  private final StringView view = new StringView();
  private final MemorySegment digits = Arena.ofAuto().allocate(Decimal.LENGTH_MAX + Long.BYTES);

  private int namespace;
  private byte[] row = new byte[ROW_BYTES_FIRST];
  private byte[] indexRow = new byte[ROW_BYTES_FIRST];
  private int rowLength;
  private boolean isStored;
  private boolean isLive;
  private int head;
  private @Nullable Fragments fragments;
  private boolean holdsSnapshot;
  private boolean isViewed;
  private boolean isPeeking;
  private @Nullable StringEdit edit;
  private long expiresAt;
  private long storedBytes;
  private long now;
  private long gate;
  private boolean deletesExpired;
  private boolean isReading;
  private int hits;
  private int misses;
  private long hitBytes;
  private final ArrayList<byte[]> expiredRows = new ArrayList<>(0);
  private int expiredCount;
  private KeyListener listener = KeyListener.NONE;
  private @Nullable KeyUse use;
  private @Nullable Keyspace second;
  private boolean isSecondUsed;
  private @Nullable KeysAhead keysAhead;
  private int numberAhead;

  public Keyspace(Reader reader, Batch batch, Clock clock, StringLayout layout) {
    this.layout = layout;
    this.reader = reader;
    this.batch = batch;
    this.clock = clock;
  }

  /// From now on `newListener` hears what happens.
  public void listener(KeyListener newListener) {
    listener = newListener;
  }

  /// From now on `newUse` hears which keys are found; null = nobody wants to know.
  public void use(@Nullable KeyUse newUse) {
    use = newUse;
  }

  /// For a command that has two keys at the same time: what finds the second one, in the database
  /// that lives in `otherNamespace`. It writes into the same batch, and ends with this one. Both
  /// must not stand at the same key when one writes: neither sees what the other has put.
  public Keyspace second(int otherNamespace) {
    Keyspace other = second;
    if (other == null) {
      other = new Keyspace(reader, batch, clock, layout);
      second = other;
    }
    other.listener = listener;
    other.use = use;
    other.begin(otherNamespace, deletesExpired);
    other.now = nowMillis();
    isSecondUsed = true;
    return other;
  }

  /// Starts a command on the database in `newNamespace`. One that may write, under the latches of
  /// its keys, deletes expired keys as it meets them.
  public void begin(int newNamespace, boolean mayWrite) {
    namespace = newNamespace;
    deletesExpired = mayWrite;
    isReading = !mayWrite;
    hits = 0;
    misses = 0;
    hitBytes = 0;
    now = 0;
    gate = 0;
    if (!expiredRows.isEmpty()) {
      expiredRows.clear();
    }
    expiredCount = 0;
  }

  /// The run goes on in the database in `newNamespace`.
  public void select(int newNamespace) {
    namespace = newNamespace;
  }

  /// The run goes on with another command, which only reads, or not.
  public void isReading(boolean value) {
    isReading = value;
  }

  /// A second one for the same command, which may look at other keys without forgetting what this
  /// one has found. What it reads counts for the gate of this one only when it is told.
  public Keyspace another() {
    var other = new Keyspace(reader, batch, clock, layout);
    other.begin(namespace, deletesExpired);
    return other;
  }

  /// From now on this command reads everything as of this moment.
  public void holdSnapshot() {
    holdsSnapshot = true;
    reader.holdSnapshot();
  }

  /// Ends a command: gives back what it has pinned.
  public void end() {
    lookup.release();
    if (holdsSnapshot) {
      holdsSnapshot = false;
      reader.releaseSnapshot();
    }
    if (isViewed) {
      isViewed = false;
      view.close();
    }
    fragments = null;
    isStored = false;
    isLive = false;
    if (isSecondUsed && second != null) {
      isSecondUsed = false;
      second.end();
    }
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
    return isSecondUsed && second != null ? Math.max(gate, second.gate) : gate;
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

  /// As `find`, but nobody hears if there is no such key: for commands that look at a key from
  /// outside.
  public int findQuietly(MemorySegment key, long offset, int length) {
    boolean wasReading = isReading;
    isReading = false;
    int answer = find(key, offset, length);
    isReading = wasReading;
    if (answer == Reader.FOUND) {
      hit();
    } else if (answer == Reader.ABSENT) {
      misses++;
    }
    return answer;
  }

  private int heard(int answer) {
    if (isReading) {
      countRead(answer);
    }
    KeyUse told = use;
    if (told != null && answer == Reader.FOUND) {
      told.used(hash(), nowMillis());
    }
    return answer;
  }

  /// Counts what `find` has answered as a read. For commands that write and ask for the value too;
  /// those that only read need not say so.
  public void countRead(int answer) {
    if (answer == Reader.FOUND) {
      hit();
    } else if (answer == Reader.ABSENT) {
      misses++;
      listener.missed(row, rowLength);
    }
  }

  private void hit() {
    hits++;
    hitBytes += stringLength();
  }

  /// Bytes of the values that `hits` has found, whether they were asked for or not.
  public long hitBytes() {
    return hitBytes;
  }

  /// Reads of this run that found a key.
  public int hits() {
    return hits;
  }

  /// Reads of this run that found none.
  public int misses() {
    return misses;
  }

  /// As `find`, without counting as a read, and leaves a key that has expired where it is: for a
  /// command that will find the same key again before it ends, or only looks how it is kept.
  public int peek(MemorySegment key, long offset, int length) {
    isPeeking = true;
    try {
      reserveRows(length);
      rowLength = RowKey.metadata(row, namespace, key, offset, length);
      return readRow();
    } finally {
      isPeeking = false;
    }
  }

  /// Reads the key of an expiry row, which may be number `number` of `ahead`.
  int findOfExpiry(byte[] expiryRow, int expiryLength, KeysAhead ahead, int number) {
    reserveRows(expiryLength);
    if (number != KeysAhead.UNKNOWN) {
      rowLength = ahead.copyRow(number, row);
      return readRow(reader.get(ahead.lookahead(), number, lookup));
    }
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
    storedBytes = 0;
    fragments = null;
    if (answer == Reader.NEEDS_BLOCKS) {
      return answer;
    }
    gate = Math.max(gate, lookup.sequence());
    if (answer == Reader.ABSENT) {
      return Reader.ABSENT;
    }
    MemorySegment memory = lookup.segment();
    int bytes = lookup.length();
    head = bytes < MetadataFormat.BYTES ? 0 : MetadataFormat.head(memory, lookup.offset());
    if (MetadataFormat.version(head) != MetadataFormat.VERSION) {
      throw new MetadataException("metadata of a key has an unknown version or is cut short");
    }
    if (MetadataFormat.isInFragments(head)) {
      if (!deletesExpired && !holdsSnapshot) {
        holdSnapshot(); // no latch: metadata and fragments must be of one moment
        return readRow();
      }
      fragments = Fragments.read(namespace, memory, valueOffset(), bytes - MetadataFormat.BYTES);
    }
    isStored = true;
    storedBytes = keyLength() + stringLength();
    expiresAt = MetadataFormat.expiresAt(memory, lookup.offset());
    isLive = expiresAt == 0 || expiresAt > nowMillis();
    if (!isLive) {
      meetExpired();
      return Reader.ABSENT;
    }
    return Reader.FOUND;
  }

  private void meetExpired() {
    if (isPeeking) {
      return;
    }
    if (deletesExpired) {
      delete();
      expiredCount++;
      listener.expired(row, rowLength);
    } else if (expiredRows.size() < EXPIRED_ROWS_MAX) {
      expiredRows.add(copyRow());
    }
  }

  /// The key of a metadata row was deleted with all others of a range.
  void deletedInRange(byte[] metadataRow, int metadataLength, boolean wasLive) {
    if (wasLive) {
      listener.deletedInRange(metadataRow, metadataLength);
    } else {
      expiredCount++;
      listener.expired(metadataRow, metadataLength);
    }
  }

  /// True if this command has met expired keys that it was not allowed to delete.
  public boolean hasLeftExpired() {
    return !expiredRows.isEmpty() || (isSecondUsed && second != null && second.hasLeftExpired());
  }

  /// Metadata rows of the first `EXPIRED_ROWS_MAX` of these; whoever has met more leaves them to
  /// the expirer.
  public List<byte[]> expiredRows() {
    var rows = new ArrayList<>(expiredRows);
    if (isSecondUsed && second != null) {
      rows.addAll(second.expiredRows);
    }
    return rows;
  }

  /// True if this command has deleted expired keys.
  public boolean hasMetExpired() {
    return expiredCount > 0 || (isSecondUsed && second != null && second.expiredCount > 0);
  }

  /// How many expired keys this command has deleted.
  int expiredCount() {
    return expiredCount;
  }

  /// As `expiredCount`; forgets them.
  public int takeExpired() {
    int count = expiredCount;
    expiredCount = 0;
    if (isSecondUsed && second != null) {
      count += second.expiredCount;
      second.expiredCount = 0;
    }
    return count;
  }

  /// A copy of the metadata row that was looked for last.
  byte[] copyRow() {
    return Arrays.copyOf(row, rowLength);
  }

  /// Bytes of the key that was looked for last.
  private int keyLength() {
    return rowLength - RowKey.METADATA_PREFIX_BYTES;
  }

  /// Bytes of the key found and its value, as clients see them.
  public long bytes() {
    return storedBytes;
  }

  /// Length of the metadata row that was looked for last.
  int rowLength() {
    return rowLength;
  }

  /// Where the fragments of the string found are; null = it has none.
  @Nullable Fragments fragments() {
    return fragments;
  }

  /// When the key found expires, in ms since 1970; 0 = never.
  public long expiresAt() {
    return isLive ? expiresAt : 0;
  }

  /// Sequence of the write that made the key found what it is.
  public long sequence() {
    return lookup.sequence();
  }

  /// Hash of the key found, of its database too.
  public long hash() {
    return Hash64.hash(ACCESS_SEED, row, 0, rowLength);
  }

  /// Redis' name of the key's encoding.
  public String encodingName() {
    return MetadataFormat.encodingName(encoding());
  }

  public byte type() {
    return MetadataFormat.type(head);
  }

  /// How the value found is reported to be kept: one of `MetadataFormat.ENCODING_*`.
  public byte encoding() {
    return MetadataFormat.encoding(head);
  }

  /// True if the key found is a string.
  public boolean isString() {
    return type() == MetadataFormat.TYPE_STRING;
  }

  /// True if the string found is whole in memory, as `valueSegment` and its like say; else it is in
  /// fragments, and `string` shows it.
  public boolean isInline() {
    return fragments == null;
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

  /// Bytes of the string found.
  public long stringLength() {
    Fragments place = fragments;
    return place == null ? valueLength() : place.length();
  }

  /// The string found, until the next `find`; an empty one if nothing was found.
  public StringView string() {
    isViewed = true;
    show(view);
    return view;
  }

  /// Lets `other` show the string found, for as long as it is not closed.
  public void keepString(StringView other) {
    show(other);
    if (isLive && fragments == null) {
      other.keep(lookup);
    }
  }

  private void show(StringView other) {
    if (!isLive) {
      other.beginEmpty();
    } else if (fragments == null) {
      other.beginInline(valueSegment(), valueOffset(), valueLength());
    } else {
      other.beginFragments(this, fragments);
    }
  }

  /// Writes the key found as a string that expires at `newExpiresAt` (0 = never).
  public void putString(MemorySegment value, long offset, int length, long newExpiresAt) {
    if (length > layout.inlineBytesMax()) {
      StringEdit fresh = newString(length, newExpiresAt);
      fresh.write(0, value, offset, length); // overwrites all: needs no blocks
      fresh.finish();
      return;
    }
    byte encoding = encodingOf(value, offset, length);
    putInline(value, offset, length, newExpiresAt, encoding);
  }

  /// Writes the key found as a string that expires when it did and is never reported as a number.
  public void putText(MemorySegment value, long offset, int length) {
    putInline(value, offset, length, expiresAt(), encodingOfText(length));
  }

  /// Writes the key found as a number that expires when it did.
  public void putNumber(long number) {
    int length = Decimal.length(number);
    Decimal.write(number, length, digits, 0);
    putInline(digits, 0, length, expiresAt(), MetadataFormat.ENCODING_INT);
  }

  private void putInline(
      MemorySegment value, long offset, int length, long newExpiresAt, byte encoding) {
    int newHead = MetadataFormat.head(MetadataFormat.TYPE_STRING, encoding);
    putMetadata(newHead, newExpiresAt, value, offset, length);
    endMetadata(newHead, newExpiresAt, length);
    dropFragments();
  }

  /// Begins a change of the string found, or of an empty one, that makes it `newLength` bytes long,
  /// which must not be less than it is. It expires when it did.
  public StringEdit editString(long newLength) {
    string();
    Fragments place = fragments;
    if (place != null) {
      place = place.withLength(newLength);
    } else if (newLength > layout.inlineBytesMax()) {
      place = newFragments(newLength);
    }
    return begin(newLength, expiresAt(), place);
  }

  /// Begins a string of `newLength` bytes, all zeroes so far, in place of what was found.
  public StringEdit newString(long newLength, long newExpiresAt) {
    view.beginEmpty();
    Fragments place = newLength > layout.inlineBytesMax() ? newFragments(newLength) : null;
    return begin(newLength, newExpiresAt, place);
  }

  private StringEdit begin(long newLength, long newExpiresAt, @Nullable Fragments place) {
    StringEdit begun = edit;
    if (begun == null) {
      begun = new StringEdit(this, batch, view);
      edit = begun;
    }
    begun.begin(newLength, newExpiresAt, place);
    return begun;
  }

  private Fragments newFragments(long length) {
    return new Fragments(namespace, layout.ids().take(), length, layout.fragmentBytes());
  }

  /// Writes the metadata of a string whose `length` bytes the caller writes; returns where.
  int putInline(int length, long newExpiresAt) {
    int newHead = MetadataFormat.head(MetadataFormat.TYPE_STRING, MetadataFormat.ENCODING_RAW);
    int at = beginMetadata(newHead, newExpiresAt, length);
    endMetadata(newHead, newExpiresAt, length);
    dropFragments();
    return at;
  }

  /// Writes the metadata of a string in fragments.
  void putFragmented(Fragments place, long newExpiresAt) {
    int newHead = MetadataFormat.headOfFragments();
    int at = beginMetadata(newHead, newExpiresAt, FragmentFormat.BYTES);
    place.write(batch.segment(), at);
    endMetadata(newHead, newExpiresAt, place.length());
    Fragments old = fragments;
    if (old != null && old.id() != place.id()) {
      old.delete(batch);
    }
    fragments = place;
  }

  /// The batch must not become larger than what the store takes at once.
  void requireBatchFits() {
    if (batch.length() > layout.batchBytesMax()) {
      throw new ValueTooLargeException();
    }
  }

  private void dropFragments() {
    Fragments old = fragments;
    if (old != null) {
      old.delete(batch);
      fragments = null;
    }
  }

  /// Writes the key found as a copy of the one that `source` has found, its expiry too.
  /// `Reader.FOUND`, or `NEEDS_BLOCKS`: then the run must not count.
  public int putCopyOf(Keyspace source) {
    if (source.isInline()) {
      putMetadata(
          source.head,
          source.expiresAt(),
          source.valueSegment(),
          source.valueOffset(),
          source.valueLength());
      endMetadata(source.head, source.expiresAt(), source.valueLength());
      dropFragments();
      return Reader.FOUND;
    }
    StringView from = source.string();
    StringEdit copy = newString(from.length(), source.expiresAt());
    for (long at = 0; at < from.length(); at = from.end()) {
      if (from.show(at) == Reader.NEEDS_BLOCKS) {
        return Reader.NEEDS_BLOCKS;
      }
      if (!from.isHole()
          && copy.write(at, from.segment(), from.offset(), from.end() - at)
              == Reader.NEEDS_BLOCKS) {
        return Reader.NEEDS_BLOCKS;
      }
    }
    copy.finish();
    return Reader.FOUND;
  }

  /// As `putCopyOf`; what `source` has found is gone then. Within a database only metadata moves,
  /// however long the value is.
  public int moveFrom(Keyspace source) {
    Fragments place = source.fragments;
    if (place == null || source.namespace != namespace) {
      int state = putCopyOf(source);
      if (state == Reader.FOUND) {
        source.delete();
      }
      return state;
    }
    putFragmented(place, source.expiresAt());
    source.fragments = null; // they have a new owner
    source.delete();
    return Reader.FOUND;
  }

  /// Changes when the key found expires (0 = never). It must be live.
  public void expire(long newExpiresAt) {
    putMetadata(head, newExpiresAt, lookup.segment(), valueOffset(), valueLength());
    endMetadata(head, newExpiresAt, stringLength());
  }

  private void putMetadata(
      int newHead, long newExpiresAt, MemorySegment value, long valueOffset, int valueLength) {
    int at = beginMetadata(newHead, newExpiresAt, valueLength);
    MemorySegment.copy(value, valueOffset, batch.segment(), at, valueLength);
  }

  private int beginMetadata(int newHead, long newExpiresAt, int bytes) {
    int at = batch.put(row, 0, rowLength, MetadataFormat.BYTES + bytes);
    MetadataFormat.write(batch.segment(), at, newHead, newExpiresAt);
    return at + MetadataFormat.BYTES;
  }

  private void endMetadata(int newHead, long newExpiresAt, long valueBytes) {
    int aloneBytes = MetadataFormat.isInFragments(newHead) ? ExpiryFormat.OTHERS : (int) valueBytes;
    int aloneBefore = fragments == null ? (int) (storedBytes - keyLength()) : ExpiryFormat.OTHERS;
    long newBytes = keyLength() + valueBytes;
    if (newBytes != storedBytes) {
      batch.count(namespace, BYTES, newBytes - storedBytes);
      storedBytes = newBytes;
    }
    if (!isStored) {
      batch.count(namespace, KEYS, 1);
      listener.created(row, rowLength);
    }
    if (expiresAt != newExpiresAt) {
      moveIndex(newExpiresAt, aloneBytes);
    } else if (newExpiresAt != 0 && aloneBytes != aloneBefore) {
      putIndex(newExpiresAt, aloneBytes);
    }
  }

  /// Deletes the key found if it is live; says whether it was.
  public boolean deleteIfLive() {
    boolean wasLive = isLive;
    if (wasLive) {
      delete();
    }
    return wasLive;
  }

  /// Deletes the key found, live or expired; does nothing if it is not stored.
  public void delete() {
    if (!isStored) {
      return;
    }
    batch.delete(row, 0, rowLength);
    batch.count(namespace, KEYS, -1);
    batch.count(namespace, BYTES, -storedBytes);
    storedBytes = 0;
    if (expiresAt != 0) {
      moveIndex(0, ExpiryFormat.OTHERS);
    }
    dropFragments();
    isStored = false;
    isLive = false;
  }

  /// Deletes the key of an expiry row that says it is alone, unread, but for its expiry row and the
  /// counters: the caller holds all latches and deletes those of many (K1). Returns its length.
  int expireAlone(byte[] expiryRow, int expiryLength) {
    reserveRows(expiryLength);
    rowLength = RowKey.metadataOfExpiry(row, expiryRow, expiryLength);
    batch.delete(row, 0, rowLength);
    expiredCount++;
    listener.expired(row, rowLength);
    return keyLength();
  }

  private void moveIndex(long newExpiresAt, int aloneBytes) {
    if (expiresAt != 0) {
      int length = RowKey.expiry(indexRow, row, rowLength, expiresAt);
      batch.delete(indexRow, 0, length);
    }
    if (newExpiresAt != 0) {
      putIndex(newExpiresAt, aloneBytes);
    }
    if ((expiresAt == 0) != (newExpiresAt == 0)) {
      batch.count(namespace, EXPIRING, expiresAt == 0 ? 1 : -1);
    }
    expiresAt = newExpiresAt;
  }

  private void putIndex(long time, int aloneBytes) {
    int length = RowKey.expiry(indexRow, row, rowLength, time);
    int at = batch.put(indexRow, 0, length, ExpiryFormat.BYTES);
    ExpiryFormat.write(batch.segment(), at, aloneBytes);
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
    return encodingOfText(length);
  }

  private static byte encodingOfText(int length) {
    return length <= EMBSTR_BYTES_MAX
        ? MetadataFormat.ENCODING_EMBSTR
        : MetadataFormat.ENCODING_RAW;
  }
}
