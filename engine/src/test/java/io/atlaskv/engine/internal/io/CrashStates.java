package io.atlaskv.engine.internal.io;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;

/// The states a crash may leave of one disk: all of them if they are few, otherwise the extremes
/// and then draws in several styles, the same for the same seed.
final class CrashStates implements Iterator<CrashStates.State> {
  private static final int EXTREMES = 2;
  private static final int STYLES = 5;

  private final Disk disk;
  private final long limit;
  private final Odometer odometer;
  private final SplittableRandom random;
  private final int operation;
  private final boolean isExhaustive;
  private long drawn;

  /// @param description what the draw took away, for messages
  record State(Disk disk, String description) {}

  /// @param operation index of the last operation before the crash
  /// @param limit most states wanted
  CrashStates(Disk disk, int operation, long limit, long seed) {
    this.disk = disk;
    this.limit = limit;
    this.operation = operation;
    this.odometer = new Odometer();
    this.random = new SplittableRandom(seed ^ ((long) operation << Integer.SIZE));
    this.isExhaustive = disk.crashStateCount(limit + 1) <= limit;
  }

  @Override
  public boolean hasNext() {
    return isExhaustive ? odometer.hasNext() : drawn < limit;
  }

  @Override
  public State next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    drawn++;
    Choices choices = isExhaustive ? odometer.begin() : style(drawn - 1);
    var lost = new StringBuilder();
    Disk left = disk.afterCrash(choices, lost);
    return new State(left, "state " + (drawn - 1) + lost);
  }

  /// One state, in a style that the seed picks.
  State draw() {
    var lost = new StringBuilder();
    Disk left = disk.afterCrash(style(random.nextInt(EXTREMES + STYLES)), lost);
    return new State(left, "one state" + lost);
  }

  private Choices style(long draw) {
    int cut = random.nextInt(operation + 2);
    var own = random.split();
    if (draw == 0) {
      return (_, _) -> 0;
    }
    if (draw == 1) {
      return (count, _) -> count - 1;
    }
    return switch ((int) (draw % STYLES)) {
      case 0 -> (count, operations) -> newestBefore(cut, count, operations); // in order, cut off
      case 1 -> (count, operations) -> newestBefore(cut, count, operations) == 0 ? count - 1 : 0;
      case 2 -> (count, _) -> own.nextInt(8) == 0 ? own.nextInt(count) : count - 1;
      case 3 -> (count, _) -> own.nextInt(8) == 0 ? own.nextInt(count) : 0;
      default -> (count, _) -> own.nextInt(count);
    };
  }

  private static int newestBefore(int cut, int count, int[] operations) {
    int newest = 0;
    while (newest + 1 < count && operations[newest + 1] < cut) {
      newest++;
    }
    return newest;
  }

  /// Goes through all sequences of choices, however long each turns out to be.
  private static final class Odometer implements Choices {
    private final List<int[]> digits = new ArrayList<>(); // {choice, count}
    private int position;
    private boolean isBegun;

    boolean hasNext() {
      return !isBegun || digits.stream().anyMatch(digit -> digit[0] + 1 < digit[1]);
    }

    Choices begin() {
      if (isBegun) {
        while (digits.getLast()[0] + 1 == digits.getLast()[1]) {
          digits.removeLast();
        }
        digits.getLast()[0]++;
      }
      isBegun = true;
      position = 0;
      return this;
    }

    @Override
    public int choose(int count, int[] operations) {
      if (position == digits.size()) {
        digits.add(new int[] {0, count});
      }
      return digits.get(position++)[0];
    }
  }
}
