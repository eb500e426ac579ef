package io.atlaskv.engine.internal.manifest;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.api.UnsupportedFormatException;
import io.atlaskv.engine.internal.base.FieldReader;
import io.atlaskv.engine.internal.base.LogBoundary;
import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.engine.internal.base.Varint;
import java.lang.foreign.MemorySegment;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/// Bytes of a `VersionEdit`: a sequence of fields, in any order, each may come several times. Equal
/// edits are written as equal bytes.
///
/// ```
/// number  content
///      1  added table: tree, level, number, bytes, smallest key, largest key, bounds flags,
///         smallest sequence, largest sequence, entries, deletions, shadowed, range deletions;
///         if times are known: oldest, newest, expiring entries, smallest and largest expiry
///      2  removed table: tree, level, number
///      3  next file number
///      4  last sequence
///      5  log number
///      6  flushed through: tree, sequence
///      7  counter: namespace, counter, value (zigzag)
///      8  log boundary: first segment, last sequence
///      9  compaction cursor (ignorable): tree, level, key
///     10  tree: number, flags, compaction style (CompactionStyleFormat)
///     12  history floor (ignorable): sequence from which on all versions are kept, 0 = they are not
///     13  features that the store uses from here on: bits of `StoreFeatures`
///     14  history from (ignorable): oldest log segment kept for its history, 0 = none
///     15  fork (ignorable): last sequence shared with what it was copied from, id
///
/// numbers are varints, a key is its length (varint) and its bytes; bounds flags bit 0 = the
/// largest key is exclusive; flags of a tree: 1 the shared tree may have older entries of its
/// namespace, 2 the namespace was dropped
/// ```
///
/// The fields are tagged (`FieldReader`). The content of a known field may be longer than what is
/// listed: later releases append to it only what earlier ones may ignore. Tree 0 is the shared one
/// and has no profile; number 11 is not used.
final class VersionEditFormat {
  private static final int ADDED = 1;
  private static final int REMOVED = 2;
  private static final int NEXT_FILE_NUMBER = 3;
  private static final int LAST_SEQUENCE = 4;
  private static final int LOG_NUMBER = 5;
  private static final int FLUSHED_THROUGH = 6;
  private static final int COUNTER = 7;
  private static final int BOUNDARY = 8;
  private static final int CURSOR = 9;
  private static final int TREE = 10;
  private static final int HISTORY_FLOOR = 12;
  private static final int FEATURES = 13;
  private static final int HISTORY_FROM = 14;
  private static final int FORK = 15;

  private static final int IGNORABLE = FieldReader.IGNORABLE;
  private static final int LARGEST_EXCLUSIVE = 1;
  private static final int HAS_OLDER_SHARED = 1;
  private static final int IS_DROPPED = 2;

  private static final Comparator<VersionEdit.Place> PLACE_ORDER =
      (one, other) -> {
        int order = Integer.compareUnsigned(one.tree(), other.tree());
        return order != 0 ? order : Integer.compare(one.level(), other.level());
      };

  private static final Comparator<CounterId> COUNTER_ORDER =
      (one, other) -> {
        int order = Integer.compareUnsigned(one.namespace(), other.namespace());
        return order != 0 ? order : Integer.compare(one.counter(), other.counter());
      };

  private VersionEditFormat() {}

  /// Appends the bytes of `edit` to `target`.
  static void encode(VersionEdit edit, NativeBuffer target) {
    try (var content = new NativeBuffer(256, target.limit())) {
      for (Map.Entry<Integer, TreeProfile> tree :
          sorted(edit.profiles(), Integer::compareUnsigned)) {
        putTree(tree.getKey(), tree.getValue(), content);
        putField(TREE << 1, content, target);
      }
      for (VersionEdit.Removed removal : edit.removed()) {
        putTreeNumber(removal.tree(), content);
        content.putVarint(removal.level());
        content.putVarint(removal.number());
        putField(REMOVED << 1, content, target);
      }
      for (VersionEdit.Added addition : edit.added()) {
        putAdded(addition, content);
        putField(ADDED << 1, content, target);
      }
      putNumber(NEXT_FILE_NUMBER, edit.nextFileNumber(), content, target);
      putNumber(LAST_SEQUENCE, edit.lastSequence(), content, target);
      putNumber(LOG_NUMBER, edit.logNumber(), content, target);
      if (edit.flushedThrough() != VersionEdit.UNCHANGED) {
        content.putVarint(Tree.SHARED);
        content.putVarint(edit.flushedThrough());
        putField(FLUSHED_THROUGH << 1, content, target);
      }
      for (Map.Entry<CounterId, Long> counter : sorted(edit.counters(), COUNTER_ORDER)) {
        content.putVarint(Integer.toUnsignedLong(counter.getKey().namespace()));
        content.putVarint(counter.getKey().counter());
        content.putVarint(Varint.zigzag(counter.getValue()));
        putField(COUNTER << 1, content, target);
      }
      for (LogBoundary boundary : edit.boundaries()) {
        content.putVarint(boundary.firstSegment());
        content.putVarint(boundary.lastSequence());
        putField(BOUNDARY << 1, content, target);
      }
      if (edit.features() != 0) {
        putNumber(FEATURES, edit.features(), content, target);
      }
      for (Map.Entry<VersionEdit.Place, Bytes> cursor : sorted(edit.cursors(), PLACE_ORDER)) {
        putTreeNumber(cursor.getKey().tree(), content);
        content.putVarint(cursor.getKey().level());
        putKey(cursor.getValue(), content);
        putField(CURSOR << 1 | IGNORABLE, content, target);
      }
      if (edit.historyFrom() != VersionEdit.UNCHANGED) {
        content.putVarint(edit.historyFrom());
        putField(HISTORY_FROM << 1 | IGNORABLE, content, target);
      }
      if (edit.historyFloor() != VersionEdit.UNCHANGED) {
        content.putVarint(edit.historyFloor());
        putField(HISTORY_FLOOR << 1 | IGNORABLE, content, target);
      }
      for (Lineage.Fork fork : edit.forks()) {
        content.putVarint(fork.lastSequence());
        content.putVarint(fork.id());
        putField(FORK << 1 | IGNORABLE, content, target);
      }
    }
  }

  private static <K, V> List<Map.Entry<K, V>> sorted(Map<K, V> map, Comparator<K> order) {
    return map.entrySet().stream()
        .sorted((one, other) -> order.compare(one.getKey(), other.getKey()))
        .toList();
  }

  private static void putTreeNumber(int tree, NativeBuffer content) {
    content.putVarint(Integer.toUnsignedLong(tree));
  }

  private static void putTree(int number, TreeProfile profile, NativeBuffer content) {
    putTreeNumber(number, content);
    content.putVarint(
        (profile.hasOlderShared() ? HAS_OLDER_SHARED : 0) | (profile.isDropped() ? IS_DROPPED : 0));
    byte[] style = CompactionStyleFormat.encode(profile.style());
    content.put(style, 0, style.length);
  }

  private static void putAdded(VersionEdit.Added addition, NativeBuffer content) {
    TableMeta table = addition.table();
    putTreeNumber(addition.tree(), content);
    content.putVarint(addition.level());
    content.putVarint(table.number());
    content.putVarint(table.bytes());
    putKey(table.smallest(), content);
    putKey(table.largest(), content);
    content.putVarint(table.largestExclusive() ? LARGEST_EXCLUSIVE : 0);
    content.putVarint(table.smallestSequence());
    content.putVarint(table.largestSequence());
    content.putVarint(table.entries());
    content.putVarint(table.deletions());
    content.putVarint(table.shadowed());
    content.putVarint(table.rangeDeletions());
    TableTimes times = table.times();
    if (!times.equals(TableTimes.UNKNOWN)) {
      content.putVarint(times.oldestMillis());
      content.putVarint(times.newestMillis());
      content.putVarint(times.expiring());
      content.putVarint(times.smallestExpiryMillis());
      content.putVarint(times.largestExpiryMillis());
    }
  }

  private static void putNumber(int field, long value, NativeBuffer content, NativeBuffer target) {
    if (value != VersionEdit.UNCHANGED) {
      content.putVarint(value);
      putField(field << 1, content, target);
    }
  }

  private static void putKey(Bytes key, NativeBuffer content) {
    content.putVarint(key.length());
    content.put(key.toArray(), 0, key.length());
  }

  private static void putField(int tag, NativeBuffer content, NativeBuffer target) {
    target.putVarint(tag);
    target.putVarint(content.length());
    target.put(content.segment(), 0, content.length());
    content.clear();
  }

  /// Reads the edit in `length` bytes at `start` of a manifest held in `source`.
  ///
  /// @throws CorruptionException if the bytes are no edit
  /// @throws UnsupportedFormatException if a field is unknown and must not be ignored
  static VersionEdit decode(String file, MemorySegment source, long start, long length) {
    return decode(file, source, start, length, _ -> {});
  }

  /// As above.
  ///
  /// @param ignored is told the numbers of fields that this release does not know
  static VersionEdit decode(
      String file, MemorySegment source, long start, long length, IntConsumer ignored) {
    var edit = VersionEdit.builder();
    new FieldReader(file, source, start, start + length)
        .readAll("edit at " + start, new EditFields(edit, ignored));
    return edit.build();
  }

  /// Adds fields to `edit`.
  private record EditFields(VersionEdit.Builder edit, IntConsumer ignored)
      implements FieldReader.Fields {
    @Override
    public boolean take(int number, FieldReader content) {
      boolean isKnown = decodeField(number, content, edit);
      if (!isKnown) {
        ignored.accept(number);
      }
      return isKnown;
    }
  }

  /// Adds one field to `edit`; false if the field is unknown.
  private static boolean decodeField(int number, FieldReader content, VersionEdit.Builder edit) {
    switch (number) {
      case ADDED -> edit.add(tree(content), level(content), table(content));
      case REMOVED -> edit.remove(tree(content), level(content), content.number());
      case NEXT_FILE_NUMBER -> edit.nextFileNumber(content.number());
      case LAST_SEQUENCE -> edit.lastSequence(content.number());
      case LOG_NUMBER -> edit.logNumber(content.number());
      case FLUSHED_THROUGH -> {
        sharedTree(content);
        edit.flushedThrough(content.number());
      }
      case COUNTER -> {
        var id = new CounterId((int) content.number(), (int) content.number());
        edit.counter(id, Varint.unzigzag(content.anyNumber()));
      }
      case BOUNDARY -> edit.boundary(new LogBoundary(content.number(), content.number()));
      case CURSOR -> edit.cursor(tree(content), level(content), content.key());
      case TREE -> edit.profile(tree(content), profile(content));
      case HISTORY_FLOOR -> edit.historyFloor(content.number());
      case HISTORY_FROM -> edit.historyFrom(content.number());
      case FORK -> edit.fork(new Lineage.Fork(content.number(), content.anyNumber()));
      case FEATURES -> {
        long features = content.number();
        long unknown = features & ~StoreFeatures.KNOWN;
        if (unknown != 0) {
          throw new UnsupportedFormatException(
              content.name(),
              "the store uses features 0x"
                  + Long.toHexString(unknown)
                  + ", unknown to this release");
        }
        edit.features(features);
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private static int tree(FieldReader content) {
    long tree = content.number();
    if (tree >>> Integer.SIZE != 0) {
      throw content.corruption("tree " + tree);
    }
    return (int) tree;
  }

  private static void sharedTree(FieldReader content) {
    long tree = content.number();
    if (tree != Tree.SHARED) {
      throw new UnsupportedFormatException(
          content.name(), "has a mark of tree " + tree + ", unknown to this release");
    }
  }

  private static int level(FieldReader content) {
    long level = content.number();
    if (level >= Levels.COUNT) {
      throw content.corruption("level " + level);
    }
    return (int) level;
  }

  private static TreeProfile profile(FieldReader content) {
    long flags = content.number();
    return new TreeProfile(
        CompactionStyleFormat.decode(content.numbers()),
        (flags & HAS_OLDER_SHARED) != 0,
        (flags & IS_DROPPED) != 0);
  }

  private static TableMeta table(FieldReader content) {
    return new TableMeta(
        content.number(),
        content.number(),
        content.key(),
        content.key(),
        (content.number() & LARGEST_EXCLUSIVE) != 0,
        content.number(),
        content.number(),
        content.number(),
        content.number(),
        content.number(),
        content.number(),
        times(content));
  }

  private static TableTimes times(FieldReader content) {
    return content.isAtEnd()
        ? TableTimes.UNKNOWN
        : new TableTimes(
            content.number(),
            content.number(),
            content.number(),
            content.number(),
            content.number());
  }
}
