package io.atlaskv.engine.internal.manifest;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.internal.base.LogBoundary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// One change of the store's state, made whole or not at all: what one record of the manifest
/// holds. Applying it to the state before gives the state after.
///
/// @param added tables that are new in a level
/// @param removed tables that are no longer in a level; a move is both
/// @param cursors where the next compaction of a level starts looking
/// @param profiles trees that are new or changed, by number
/// @param nextFileNumber no file has this number or a larger one; `UNCHANGED` if not told
/// @param lastSequence last sequence known to be used; `UNCHANGED` if not told
/// @param logNumber oldest log segment recovery still needs; `UNCHANGED` if not told
/// @param flushedThrough everything up to this sequence is in tables; `UNCHANGED` if not told
/// @param counters values of persistent counters as of `flushedThrough`
/// @param boundaries log boundaries to remember
/// @param historyFrom oldest log segment kept for its history, 0 for none; `UNCHANGED` if not told
/// @param historyFloor from where on all versions are kept, 0 if they are not; `UNCHANGED` if not
///   told
/// @param features bits of `StoreFeatures` that the store uses from now on; 0 if none is new
/// @param forks where the store goes its own way, beyond those known
public record VersionEdit(
    List<Added> added,
    List<Removed> removed,
    Map<Place, Bytes> cursors,
    Map<Integer, TreeProfile> profiles,
    long nextFileNumber,
    long lastSequence,
    long logNumber,
    long flushedThrough,
    Map<CounterId, Long> counters,
    List<LogBoundary> boundaries,
    long historyFrom,
    long historyFloor,
    long features,
    List<Lineage.Fork> forks) {

  /// Value of a number that the edit does not touch.
  public static final long UNCHANGED = -1;

  public VersionEdit {
    added = List.copyOf(added);
    removed = List.copyOf(removed);
    cursors = Map.copyOf(cursors);
    profiles = Map.copyOf(profiles);
    counters = Map.copyOf(counters);
    boundaries = List.copyOf(boundaries);
    forks = List.copyOf(forks);
  }

  /// A level of a tree.
  public record Place(int tree, int level) {}

  /// A table that is new in `level` of `tree`.
  public record Added(int tree, int level, TableMeta table) {}

  /// A table that leaves `level` of `tree`.
  public record Removed(int tree, int level, long number) {}

  /// Whether it changes tables or cursors of a tree.
  boolean concerns(int tree) {
    return added.stream().anyMatch(addition -> addition.tree() == tree)
        || removed.stream().anyMatch(removal -> removal.tree() == tree)
        || cursors.keySet().stream().anyMatch(place -> place.tree() == tree);
  }

  /// Starts an edit that changes nothing yet.
  public static Builder builder() {
    return new Builder();
  }

  /// Collects the parts of one edit; one thread uses it.
  public static final class Builder {
    private final List<Added> added = new ArrayList<>();
    private final List<Removed> removed = new ArrayList<>();
    private final Map<Place, Bytes> cursors = new LinkedHashMap<>();
    private final Map<Integer, TreeProfile> profiles = new TreeMap<>();
    private final Map<CounterId, Long> counters = new LinkedHashMap<>();
    private final List<LogBoundary> boundaries = new ArrayList<>();
    private final List<Lineage.Fork> forks = new ArrayList<>();
    private long nextFileNumber = UNCHANGED;
    private long lastSequence = UNCHANGED;
    private long logNumber = UNCHANGED;
    private long flushedThrough = UNCHANGED;
    private long historyFrom = UNCHANGED;
    private long historyFloor = UNCHANGED;
    private long features;

    private Builder() {}

    /// Puts a table into a level of the shared tree.
    @CanIgnoreReturnValue
    public Builder add(int level, TableMeta table) {
      return add(Tree.SHARED, level, table);
    }

    /// Puts a table into a level.
    @CanIgnoreReturnValue
    public Builder add(int tree, int level, TableMeta table) {
      added.add(new Added(tree, level, table));
      return this;
    }

    /// Takes a table out of a level of the shared tree.
    @CanIgnoreReturnValue
    public Builder remove(int level, long number) {
      return remove(Tree.SHARED, level, number);
    }

    /// Takes a table out of a level.
    @CanIgnoreReturnValue
    public Builder remove(int tree, int level, long number) {
      removed.add(new Removed(tree, level, number));
      return this;
    }

    /// Remembers where the next compaction of a level of the shared tree starts looking.
    @CanIgnoreReturnValue
    public Builder cursor(int level, Bytes key) {
      return cursor(Tree.SHARED, level, key);
    }

    /// Remembers where the next compaction of a level starts looking.
    @CanIgnoreReturnValue
    public Builder cursor(int tree, int level, Bytes key) {
      cursors.put(new Place(tree, level), key);
      return this;
    }

    /// Makes a tree, or gives one another profile.
    @CanIgnoreReturnValue
    public Builder profile(int tree, TreeProfile profile) {
      profiles.put(tree, profile);
      return this;
    }

    /// Tells that no file has this number or a larger one.
    @CanIgnoreReturnValue
    public Builder nextFileNumber(long number) {
      nextFileNumber = number;
      return this;
    }

    /// Tells the last sequence known to be used.
    @CanIgnoreReturnValue
    public Builder lastSequence(long sequence) {
      lastSequence = sequence;
      return this;
    }

    /// Tells the oldest log segment that recovery still needs.
    @CanIgnoreReturnValue
    public Builder logNumber(long number) {
      logNumber = number;
      return this;
    }

    /// Tells that everything up to `sequence` is in tables.
    @CanIgnoreReturnValue
    public Builder flushedThrough(long sequence) {
      flushedThrough = sequence;
      return this;
    }

    /// Tells the oldest log segment that is kept for its history; 0 for none.
    @CanIgnoreReturnValue
    public Builder historyFrom(long segment) {
      historyFrom = segment;
      return this;
    }

    /// Tells the sequence from which on all versions are kept; 0 if they are not.
    @CanIgnoreReturnValue
    public Builder historyFloor(long sequence) {
      historyFloor = sequence;
      return this;
    }

    /// Gives a persistent counter its value as of `flushedThrough`.
    @CanIgnoreReturnValue
    public Builder counter(CounterId id, long value) {
      counters.put(id, value);
      return this;
    }

    /// Remembers where a recovery ended the log.
    @CanIgnoreReturnValue
    public Builder boundary(LogBoundary boundary) {
      boundaries.add(boundary);
      return this;
    }

    /// Tells features that the store uses from now on.
    @CanIgnoreReturnValue
    public Builder features(long bits) {
      features |= bits;
      return this;
    }

    /// Tells that the store goes its own way from here on.
    @CanIgnoreReturnValue
    public Builder fork(Lineage.Fork fork) {
      forks.add(fork);
      return this;
    }

    /// Adds all parts of `other`, whose numbers win.
    @CanIgnoreReturnValue
    public Builder merge(VersionEdit other) {
      added.addAll(other.added);
      removed.addAll(other.removed);
      cursors.putAll(other.cursors);
      profiles.putAll(other.profiles);
      counters.putAll(other.counters);
      boundaries.addAll(other.boundaries);
      forks.addAll(other.forks);
      features |= other.features;
      nextFileNumber = told(other.nextFileNumber, nextFileNumber);
      lastSequence = told(other.lastSequence, lastSequence);
      logNumber = told(other.logNumber, logNumber);
      flushedThrough = told(other.flushedThrough, flushedThrough);
      historyFrom = told(other.historyFrom, historyFrom);
      historyFloor = told(other.historyFloor, historyFloor);
      return this;
    }

    private static long told(long value, long otherwise) {
      return value == UNCHANGED ? otherwise : value;
    }

    /// The edit.
    public VersionEdit build() {
      return new VersionEdit(
          added,
          removed,
          cursors,
          profiles,
          nextFileNumber,
          lastSequence,
          logNumber,
          flushedThrough,
          counters,
          boundaries,
          historyFrom,
          historyFloor,
          features,
          forks);
    }
  }
}
