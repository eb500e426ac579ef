package io.atlaskv.engine.internal.io;

import java.util.SplittableRandom;

/// A simulated world: one thread, one seed, virtual time, files in memory. The same seed gives the
/// same run, to the last step.
///
/// ```
/// var world = SimPorts.create(seed);
/// ... open a store on world.ports(), work, world.scheduler().runFor(...) ...
/// var after = SimPorts.on(world.files().crash(seed), seed + 1);   // power cut; open again on that
/// ```
public final class SimPorts {
  /// What the wall clock of a new world shows.
  public static final long WALL_MILLIS = 1_700_000_000_000L;

  private static final long SCHEDULER_SALT = 1;
  private static final long RANDOM_SALT = 2;

  private final FaultFileSystem files;
  private final SimClock clock;
  private final SimScheduler scheduler;
  private final Ports ports;

  private SimPorts(FaultFileSystem files, long seed) {
    this.files = files;
    clock = new SimClock(WALL_MILLIS);
    scheduler = new SimScheduler(mix(seed, SCHEDULER_SALT), clock);
    ports =
        new Ports(
            files,
            clock,
            scheduler,
            new SimWaiter(scheduler, clock),
            new SimRandom(mix(seed, RANDOM_SALT)));
  }

  private static long mix(long seed, long salt) {
    return new SplittableRandom(seed * 31 + salt).nextLong();
  }

  /// A new world with an empty directory.
  public static SimPorts create(long seed) {
    return new SimPorts(FaultFileSystem.create(seed), seed);
  }

  /// A new world around files that are there, such as a crash left them.
  public static SimPorts on(FaultFileSystem files, long seed) {
    return new SimPorts(files, seed);
  }

  /// What the engine gets.
  public Ports ports() {
    return ports;
  }

  /// The files, for faults and crashes.
  public FaultFileSystem files() {
    return files;
  }

  /// The scheduler, to run steps.
  public SimScheduler scheduler() {
    return scheduler;
  }

  /// The clock, to let time pass.
  public SimClock clock() {
    return clock;
  }

  /// Hash of all that happened: equal runs have equal traces.
  public long trace() {
    return scheduler.trace() ^ Long.rotateLeft(files.trace(), 1);
  }
}
