package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/// Runs one workload, then opens what a power cut after each of its file operations may leave.
final class CrashSearch {
  /// Every so many states the recovered store is written to and crashed again.
  private static final int SECOND_LIFE_EACH = 23;

  private static final int SECOND_CRASHES = 6;

  private final Workload workload;
  private final Options options;
  private final long seed;
  private final int statesWanted;
  private final boolean areRepliesSafe;
  private final FaultFileSystem files;
  private final SplittableRandom random;
  private int states;
  private int points;
  private int secondStates;

  /// @param statesWanted about how many crash states
  /// @param areRepliesSafe whether what was replied must survive
  CrashSearch(
      Workload workload, Options options, boolean areRepliesSafe, long seed, int statesWanted) {
    this.workload = workload;
    this.options = options;
    this.areRepliesSafe = areRepliesSafe;
    this.seed = seed;
    this.statesWanted = statesWanted;
    this.files = FaultFileSystem.create(seed);
    this.random = new SplittableRandom(seed);
  }

  static CrashSearch of(Workload workload, long seed, int statesWanted) {
    return new CrashSearch(workload, workload.options(), workload.isAlways(), seed, statesWanted);
  }

  int states() {
    return states + secondStates;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%-28s %4d crash points, %6d states, %5d of a second crash",
        workload,
        points,
        states,
        secondStates);
  }

  /// Searches; answers the first violation found, or "".
  ///
  /// @param plant lets faults be planted before the workload runs
  String run(Consumer<FaultFileSystem> plant) {
    plant.accept(files);
    var tape = new Tape(files, seed, options, areRepliesSafe);
    workload.run(tape);
    tape.close();
    int operations = files.operationCount();
    for (int operation = 0; operation < operations; operation++) {
      points += files.isCrashPoint(operation) ? 1 : 0;
    }
    int limit = Math.max(2, statesWanted / Math.max(1, points));
    for (int operation = 0; operation < operations; operation++) {
      if (files.isCrashPoint(operation)) {
        String violation = crashAt(tape, operation, limit);
        if (!violation.isEmpty()) {
          return violation;
        }
      }
    }
    return "";
  }

  private String crashAt(Tape tape, int operation, int limit) {
    var lefts = files.crashStates(operation, limit).iterator();
    while (lefts.hasNext()) {
      FaultFileSystem left = lefts.next();
      states++;
      String violation =
          states % SECOND_LIFE_EACH == 0
              ? secondLife(tape, left, operation)
              : firstLife(tape, left, operation);
      if (!violation.isEmpty()) {
        return workload + ": " + violation + "\n  left by " + left.origin();
      }
    }
    return "";
  }

  private String firstLife(Tape tape, FaultFileSystem left, int operation) {
    StoreModel found;
    try (var store = SimStore.open(left, seed + operation, options)) {
      found = StoreModel.read(store.db());
    } catch (RuntimeException e) {
      return "does not open: " + trace(e);
    }
    String violation = tape.judge(found, operation);
    return violation.isEmpty() ? tape.judgeCheckpoints(left, operation) : violation;
  }

  /// Opens, writes a little, and crashes at random moments of that.
  private String secondLife(Tape tape, FaultFileSystem left, int operation) {
    Tape second;
    try {
      second = Tape.continuing(left, seed + operation, options);
    } catch (RuntimeException e) {
      return "does not open: " + trace(e);
    }
    String violation = tape.judge(second.first(), operation);
    if (!violation.isEmpty()) {
      second.store().abandon();
      return violation;
    }
    for (int i = 0; i < 3; i++) {
      Write write = Write.put("second" + i, "life" + operation);
      if (areRepliesSafe) {
        second.write(write);
      } else {
        second.writeDurably((Write.Put) write);
      }
    }
    second.close();
    int operations = left.operationCount();
    for (int i = 0; i < SECOND_CRASHES; i++) {
      int again = random.nextInt(operations);
      FaultFileSystem twice =
          left.crashStates(again, 3).skip(random.nextInt(2)).findFirst().orElse(null);
      if (twice == null) {
        continue; // this crash can leave one state only
      }
      secondStates++;
      StoreModel found;
      try (var store = SimStore.open(twice, seed + again, options)) {
        found = StoreModel.read(store.db());
      } catch (RuntimeException e) {
        return "does not open after a second crash: " + trace(e) + "\n  left by " + twice.origin();
      }
      violation =
          again + 1 < second.openedAt() ? tape.judge(found, operation) : second.judge(found, again);
      if (!violation.isEmpty()) {
        return "after a second crash: " + violation + "\n  left by " + twice.origin();
      }
    }
    return "";
  }

  private static String trace(Throwable e) {
    var text = new StringWriter();
    e.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }
}
