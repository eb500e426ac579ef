package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.Explanation;
import io.atlaskv.engine.api.Explanation.Answer;
import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.base.RangeTombstones;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.io.Clock;
import io.atlaskv.engine.internal.manifest.Version;
import io.atlaskv.engine.internal.memtable.Memtable;
import io.atlaskv.engine.internal.sstable.TableProbe;
import io.atlaskv.engine.internal.sstable.TableReader;
import java.util.ArrayList;
import java.util.List;

/// Looks one key up as `ReadPath` does, as of a registered snapshot, and notes each step. Blocking;
/// once.
final class ReadExplainer {
  private final Clock clock;
  private final ReadContext context;
  private final byte[] key;
  private final long snapshot;
  private final Lookup lookup = new Lookup();
  private final List<Explanation.Step> steps = new ArrayList<>();
  private long decidedBy;

  ReadExplainer(Clock clock, ReadContext context, byte[] key, long snapshot) {
    this.clock = clock;
    this.context = context;
    this.key = key;
    this.snapshot = snapshot;
  }

  Explanation explain(View view) {
    long start = clock.nanoTime();
    try {
      Answer answer = inMemtables(view);
      if (answer == Answer.ABSENT) {
        answer = inTables(view.version());
      }
      return new Explanation(answer, decidedBy, clock.nanoTime() - start, steps);
    } finally {
      lookup.release();
    }
  }

  private Answer inMemtables(View view) {
    Memtable[] sealed = view.sealed();
    for (int i = -1; i < sealed.length; i++) {
      Memtable memtable = i < 0 ? view.active() : sealed[i];
      long start = clock.nanoTime();
      long covering = covering(memtable.rangeTombstones());
      memtable.get(key, 0, key.length, snapshot, lookup);
      Answer answer = answer(covering);
      long nanos = clock.nanoTime() - start;
      steps.add(new Explanation.MemtableStep(answer, nanos, i < 0, memtable.entries()));
      if (answer != Answer.ABSENT) {
        return answer;
      }
    }
    return Answer.ABSENT;
  }

  private Answer inTables(Version version) {
    long hash = TableReader.hash(key, 0, key.length);
    for (Version.Place place : version.places(key, 0, key.length)) {
      long start = clock.nanoTime();
      long covering = covering(place.table().rangeTombstones());
      var probe = new TableProbe(place.table().reader(), context, clock);
      if (place.table().isSeenAt(snapshot)) {
        probe.get(key, 0, key.length, hash, snapshot, lookup);
        if (lookup.state() != Lookup.ABSENT) {
          lookup.sequence(place.table().sequenceOf(lookup.sequence()));
        }
      } else {
        lookup.absent();
      }
      Answer answer = answer(covering);
      long nanos = clock.nanoTime() - start;
      steps.add(
          new Explanation.TableStep(
              answer,
              nanos,
              probe.name(),
              place.level(),
              probe.filter(),
              probe.filterNanos(),
              probe.blocks(),
              probe.isRow()));
      if (answer != Answer.ABSENT) {
        return answer;
      }
    }
    return Answer.ABSENT;
  }

  private long covering(RangeTombstones tombstones) {
    return tombstones.isEmpty()
        ? RangeTombstones.NONE
        : tombstones.coveringSequence(key, 0, key.length, snapshot);
  }

  /// What the version in `lookup` and a range tombstone of the same place say together. All that is
  /// in older places is older than either.
  private Answer answer(long covering) {
    boolean isThere = lookup.state() != Lookup.ABSENT;
    if (covering != RangeTombstones.NONE && (!isThere || covering > lookup.sequence())) {
      decidedBy = covering;
      return Answer.DELETED;
    }
    if (!isThere) {
      return Answer.ABSENT;
    }
    decidedBy = lookup.sequence();
    int state =
        lookup.state() == Lookup.EXPIRING
            ? lookup.showUnlessDue(clock.currentTimeMillis())
            : lookup.state();
    return state == Lookup.FOUND ? Answer.FOUND : Answer.DELETED;
  }
}
