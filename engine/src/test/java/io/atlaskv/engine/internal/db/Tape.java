package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// Runs a workload and notes of each commit what the store holds after it, at which file operation
/// it began, and from which on it must not be lost any more.
///
/// Invariant of a right store: what is left by a power cut after operation `op` is the state after
/// some commit, not before the last safe one and not after the last begun one: a prefix, no hole.
final class Tape implements Client {
  private static final int NEVER = Integer.MAX_VALUE;

  private final FaultFileSystem files;
  private final Options options;
  private final boolean areRepliesSafe;
  private final List<StoreModel> states = new ArrayList<>();
  private final List<Integer> begun = new ArrayList<>();
  private final List<Integer> safe = new ArrayList<>();
  private final List<Checkpoint> checkpoints = new ArrayList<>();
  private long seed;
  private SimStore store;

  /// A checkpoint that was made.
  ///
  /// @param doneAt file operations after
  private record Checkpoint(String name, StoreModel state, int doneAt) {}

  /// @param areRepliesSafe whether a write that returned must survive
  Tape(FaultFileSystem files, long seed, Options options, boolean areRepliesSafe) {
    this.files = files;
    this.seed = seed;
    this.options = options;
    this.areRepliesSafe = areRepliesSafe;
    states.add(new StoreModel());
    begun.add(0);
    safe.add(0);
    store = SimStore.open(files, seed, options);
  }

  /// A tape that begins with what is on `files` already; all of that is safe once it is open.
  static Tape continuing(FaultFileSystem files, long seed, Options options) {
    var tape = new Tape(files, seed, options, true);
    tape.states.set(0, StoreModel.read(tape.db()));
    tape.begun.set(0, tape.operations());
    tape.safe.set(0, tape.operations());
    return tape;
  }

  Db db() {
    return store.db();
  }

  SimStore store() {
    return store;
  }

  private int operations() {
    return files.operationCount();
  }

  /// What the store held when the tape began.
  StoreModel first() {
    return states.getFirst();
  }

  /// File operations when the store was open first.
  int openedAt() {
    return begun.getFirst();
  }

  int commits() {
    return states.size() - 1;
  }

  @Override
  public void write(Write write) {
    write
        .needs()
        .filter(name -> !states.getLast().has(name))
        .toList()
        .forEach(name -> commit(new Write.Create(name)));
    commit(write);
  }

  @Override
  public void writeDurably(Write.Put put) {
    int index = begin(put);
    db().put(put.key().toArray(), put.value().toArray(), Durability.SYNCED);
    safe.set(index, operations());
  }

  private void commit(Write write) {
    int index = begin(write);
    write.to(db());
    if (areRepliesSafe) {
      safe.set(index, operations());
    }
  }

  private int begin(Write write) {
    StoreModel next = states.getLast().copy();
    write.to(next);
    states.add(next);
    begun.add(operations());
    safe.add(NEVER);
    return states.size() - 1;
  }

  /// Everything so far must not be lost from now on.
  private void allSafe() {
    safe.set(safe.size() - 1, Math.min(safe.getLast(), operations()));
  }

  @Override
  public void together(List<List<Write>> writers) {
    int[] running = {writers.size()};
    for (List<Write> writes : writers) {
      Iterator<Write> left = writes.iterator();
      store
          .scheduler()
          .addActor(() -> {
            write(left.next());
            running[0] -= left.hasNext() ? 0 : 1;
            return left.hasNext();
          });
    }
    store.scheduler().runUntil(() -> running[0] == 0);
  }

  @Override
  public void sync() {
    db().sync();
    allSafe();
  }

  @Override
  public void flush() {
    db().flush();
    allSafe();
  }

  @Override
  public void compact() {
    db().compact();
    allSafe();
  }

  @Override
  public void checkpoint() {
    String name = "c" + checkpoints.size();
    store.checkpoint(name);
    checkpoints.add(new Checkpoint(name, states.getLast(), operations()));
    allSafe(); // what is in it was synced
  }

  @Override
  public void pass(long nanos) {
    store.scheduler().runFor(nanos);
  }

  @Override
  public void reopen() {
    store.close();
    allSafe();
    store = SimStore.open(files, ++seed, options);
  }

  @Override
  public void killAndReopen() {
    store.kill();
    store = SimStore.open(files, ++seed, options);
    allSafe(); // recovery makes safe what it shows
  }

  void close() {
    store.close();
    allSafe();
  }

  /// Says what is wrong with the checkpoints that a crash after file operation `operation` left, or
  /// "": each is there as a whole or not at all, and there if it was told so.
  String judgeCheckpoints(FaultFileSystem left, int operation) {
    for (Checkpoint checkpoint : checkpoints) {
      String name = checkpoint.name;
      if (SimStore.hasCheckpoint(left, name)) {
        try (var copy = SimStore.openCheckpoint(left, name, seed + operation, options)) {
          String difference = checkpoint.state.difference(StoreModel.read(copy.db()));
          if (!difference.isEmpty()) {
            return "checkpoint " + name + ": " + difference;
          }
        } catch (AtlasException e) {
          return "checkpoint " + name + " does not open: " + e;
        }
      } else if (checkpoint.doneAt <= operation + 1) {
        return "checkpoint " + name + " is not there";
      }
    }
    return "";
  }

  /// Says what is wrong with what a crash after file operation `operation` left, or "".
  String judge(StoreModel found, int operation) {
    int from = 0;
    int to = 0;
    for (int i = 0; i < states.size(); i++) {
      if (safe.get(i) <= operation + 1) {
        from = i;
      }
      if (begun.get(i) <= operation + 1) {
        to = i;
      }
    }
    for (int i = from; i <= to; i++) {
      if (states.get(i).equals(found)) {
        return "";
      }
    }
    int other = states.indexOf(found);
    String what =
        other < 0
            ? "no state of the history; against the last: " + states.get(to).difference(found)
            : "the state after commit " + other;
    return "expected the state after one of the commits " + from + " to " + to + ", found " + what;
  }
}
