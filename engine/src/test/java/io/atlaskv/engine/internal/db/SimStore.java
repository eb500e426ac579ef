package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Expiry;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.internal.embedded.EmbeddedDb;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.io.SimClock;
import io.atlaskv.engine.internal.io.SimPorts;
import io.atlaskv.engine.internal.io.SimScheduler;
import java.time.Instant;
import java.util.function.UnaryOperator;

/// A store in a simulated process, on files that outlive it.
public final class SimStore implements AutoCloseable {
  private static final long MACHINE_BYTES = 1L << 30;
  private static final long HEAP_BYTES_MAX = 64L << 20;
  private static final long HOUR_MILLIS = 3_600_000;
  private static final String CHECKPOINTS = "checkpoints";

  private final FaultFileSystem files;
  private final ProcessFiles process;
  private final SimPorts world;
  private final Engine engine;
  private final Db db;

  private SimStore(
      FaultFileSystem files,
      long seed,
      Options options,
      long wallMillis,
      UnaryOperator<Ports> change) {
    this.files = files;
    this.process = new ProcessFiles(files);
    this.world = SimPorts.on(files, seed);
    world.clock().jumpWall(wallMillis - world.clock().currentTimeMillis());
    Ports all = world.ports();
    Ports ports =
        change.apply(new Ports(process, all.clock(), all.scheduler(), all.waiter(), all.random()));
    this.engine = EngineOpener.open(ports, options, MACHINE_BYTES, HEAP_BYTES_MAX);
    this.db = new EmbeddedDb(engine, options);
  }

  /// Opens what is on `files`; `seed` decides how background work is mixed in.
  public static SimStore open(FaultFileSystem files, long seed, Options options) {
    return openAt(files, seed, options, SimPorts.WALL_MILLIS);
  }

  /// As above, at a time.
  static SimStore openAt(FaultFileSystem files, long seed, Options options, long wallMillis) {
    return new SimStore(files, seed, options, wallMillis, ports -> ports);
  }

  /// As `open`, on ports that are made of the simulated ones.
  static SimStore open(
      FaultFileSystem files, long seed, Options options, UnaryOperator<Ports> change) {
    return new SimStore(files, seed, options, SimPorts.WALL_MILLIS, change);
  }

  /// As `open`, and whoever waits goes on late ([LatePorts]).
  static SimStore openLate(FaultFileSystem files, long seed, Options options) {
    return new SimStore(
        files,
        seed,
        options,
        SimPorts.WALL_MILLIS,
        ports -> new LatePorts((SimScheduler) ports.scheduler(), seed).of(ports));
  }

  /// Opens a checkpoint that a store on `files` has made.
  static SimStore openCheckpoint(FaultFileSystem files, String name, long seed, Options options) {
    return open(files.directory(CHECKPOINTS).directory(name), seed, options);
  }

  static boolean hasCheckpoint(FaultFileSystem files, String name) {
    return files.directories(CHECKPOINTS).exists(name);
  }

  void checkpoint(String name) {
    engine.checkpoint(files.directories(CHECKPOINTS), name);
  }

  void removeCheckpoint(String name) {
    engine.removeCheckpoint(files.directories(CHECKPOINTS), name);
  }

  /// When an hour of the tests' time begins: whole hours, of which a test lets pass as many as it
  /// likes, while a store's own work takes less than one.
  public static Expiry expiryAtHour(int hour) {
    return Expiry.at(Instant.ofEpochMilli(SimPorts.WALL_MILLIS + hour * HOUR_MILLIS));
  }

  /// The hour of such an expiry.
  static int hourOf(Instant expiry) {
    return Math.toIntExact((expiry.toEpochMilli() - SimPorts.WALL_MILLIS) / HOUR_MILLIS);
  }

  /// Lets so many hours pass at once.
  public void passHours(int hours) {
    world.clock().jumpWall(hours * HOUR_MILLIS);
  }

  /// The clock of the process.
  public SimClock clock() {
    return world.clock();
  }

  /// The store as its users have it.
  public Db db() {
    return db;
  }

  /// The engine below it.
  Engine engine() {
    return engine;
  }

  FaultFileSystem files() {
    return files;
  }

  /// Runs background work, and lets time pass.
  public SimScheduler scheduler() {
    return world.scheduler();
  }

  /// Kills the process: nothing is written any more, what was written stays with the kernel. Only
  /// the memory is given back, by a close that meets a dead disk everywhere.
  public void kill() {
    files.kill();
    process.kill();
    abandon();
  }

  /// Closes a store whose files fail; only the store's own kind of exception may come out.
  public void abandon() {
    try {
      db.close();
    } catch (AtlasException e) {
      assert e.getMessage() != null; // expected: what it could not write is what the test is about
    }
  }

  @Override
  public void close() {
    db.close();
  }
}
