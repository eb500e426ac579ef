package io.atlaskv.engine.internal.io;

import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.io.Operation.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What all directories and open files of one simulated device share: the disk, the history of
/// operations and the faults. Its monitor guards everything on it.
final class FaultDevice {
  private record Step(int operation, Consumer<Disk> change) {}

  private final long seed;
  private final SplittableRandom random;
  private final Disk disk;
  private final List<Operation> operations = new ArrayList<>();
  private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
  private final List<FaultRule> rules = new ArrayList<>();
  private final Map<Integer, Integer> openCounts = new HashMap<>();
  private final Set<String> locked = new TreeSet<>();
  private final String origin;
  private @Nullable Disk beginning;
  private final List<Step> history = new ArrayList<>();
  private @Nullable Disk replayed;
  private int replayedSteps;
  private long capacity = Long.MAX_VALUE;
  private int generation;
  private boolean isOff;

  FaultDevice(long seed, Disk disk, String origin) {
    this.seed = seed;
    this.disk = disk;
    this.origin = origin;
    random = new SplittableRandom(seed);
    beginning = disk.copy();
  }

  long seed() {
    return seed;
  }

  Disk disk() {
    return disk;
  }

  String origin() {
    return origin;
  }

  int generation() {
    return generation;
  }

  List<Operation> operations() {
    return operations;
  }

  List<FaultRule> rules() {
    return rules;
  }

  Set<String> locked() {
    return locked;
  }

  int count(Kind kind) {
    return counts.getOrDefault(kind, 0);
  }

  void dropHistory() {
    beginning = null;
    history.clear();
  }

  void limitCapacity(long bytes) {
    capacity = bytes;
  }

  long freeBytes() {
    return capacity == Long.MAX_VALUE
        ? Long.MAX_VALUE
        : Math.max(0, capacity - disk.allocatedBytes(openCounts.keySet()));
  }

  /// Notes an operation and returns what is to go wrong with it; null = nothing.
  @Nullable Fault begin(Kind kind, String name, long position, int bytes) {
    requirePower();
    var operation = new Operation(operations.size(), kind, name, position, bytes);
    operations.add(operation);
    counts.merge(kind, 1, Integer::sum);
    for (FaultRule rule : rules) {
      if (rule.applies(operation)) {
        return rule.fault();
      }
    }
    return null;
  }

  void requirePower() {
    if (isOff) {
      throw new StorageException("the power is off", null);
    }
  }

  Operation current() {
    return operations.getLast();
  }

  /// Throws if an operation without parts is to fail; false = it must pretend to be done.
  boolean isToDo(@Nullable Fault fault) {
    return switch (fault) {
      case null -> true;
      case EIO -> throw failure("Input/output error", false);
      case ENOSPC, SHORT -> throw failure("No space left on device", true);
      case IGNORED -> false;
    };
  }

  StorageException failure(String reason, boolean isDiskFull) {
    return new StorageException(current() + " failed: " + reason + " (injected)", null, isDiskFull);
  }

  /// Changes the disk and remembers how.
  void change(Consumer<Disk> change) {
    change.accept(disk);
    if (beginning != null) {
      history.add(new Step(current().index(), change));
    }
  }

  void opened(int file) {
    openCounts.merge(file, 1, Integer::sum);
  }

  void closed(int file) {
    openCounts.computeIfPresent(file, (_, count) -> count == 1 ? null : count - 1);
  }

  /// Handles of files that are open.
  int openFiles() {
    return openCounts.values().stream().mapToInt(Integer::intValue).sum();
  }

  void forgetUnreachable() {
    disk.forgetUnreachable(openCounts.keySet());
  }

  /// How many bytes a failing write has done.
  int partOf(int bytes) {
    return random.nextInt(bytes + 1);
  }

  /// Bytes of a write to `[position, position + bytes)` for which there is room.
  int room(DiskFile file, long position, int bytes) {
    long end = position + bytes;
    long more = DiskFile.roundUp(end) - file.allocatedBytes();
    if (more <= 0 || more <= freeBytes()) {
      return bytes;
    }
    long endWithRoom =
        file.allocatedBytes() + freeBytes() / DiskFile.SECTOR_BYTES * DiskFile.SECTOR_BYTES;
    return Math.clamp(endWithRoom - position, 0, bytes);
  }

  /// The process dies: what it wrote is with the kernel, its open files and locks are gone.
  void kill() {
    generation++;
    openCounts.clear();
    locked.clear();
  }

  void powerOff() {
    isOff = true;
  }

  /// The disk as it was after operation `operation`.
  Disk after(int operation) {
    if (beginning == null) {
      throw new IllegalStateException("history was dropped");
    }
    Disk model = replayed;
    if (model == null
        || (replayedSteps > 0 && history.get(replayedSteps - 1).operation() > operation)) {
      model = beginning.copy();
      replayedSteps = 0;
    }
    while (replayedSteps < history.size() && history.get(replayedSteps).operation() <= operation) {
      history.get(replayedSteps++).change().accept(model);
    }
    replayed = model;
    return model;
  }
}
