package io.atlaskv.engine.internal.io;

import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.io.Operation.Kind;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// File system in memory for tests: fails on demand, and knows every state that a power cut at any
/// moment may leave, by the model of `DiskFile` and `Disk`.
///
/// ```
/// var files = FaultFileSystem.create(seed);
/// ... run a workload ...
/// for (int op = 0; op < files.operationCount(); op++) {
///   files.crashStates(op, 50).forEach(left -> { reopen on `left`, check, or fail naming left.origin() });
/// }
/// ```
///
/// Threads may share it.
public final class FaultFileSystem implements FileSystem {
  private final FaultDevice device;
  private final String directory;

  private FaultFileSystem(FaultDevice device, String directory) {
    this.device = device;
    this.directory = directory;
  }

  /// An empty one; `seed` decides what crashes and failed writes leave.
  public static FaultFileSystem create(long seed) {
    return new FaultFileSystem(new FaultDevice(seed, new Disk(), "empty"), "");
  }

  /// Another directory of the same device. Directories need not be made.
  public FaultFileSystem directory(String name) {
    return new FaultFileSystem(device, directory + name + "/");
  }

  /// Directories of the same device, in the directory of that name.
  public Directories directories(String name) {
    return new FaultDirectories(device, directory(name));
  }

  // ---- the port

  @Override
  public AppendFile create(String name) {
    synchronized (device) {
      return make(name);
    }
  }

  private FaultFile make(String name) {
    String path = path(name);
    Fault fault = device.begin(Kind.CREATE, path, 0, 0);
    if (device.disk().file(path) != null) {
      throw refused("exists already");
    }
    device.isToDo(fault); // a file that was not made cannot be pretended
    int operation = device.current().index();
    device.change(disk -> disk.create(operation, path));
    return new FaultFile(device, path, existing(path).id());
  }

  @Override
  public AppendFile openAppend(String name) {
    synchronized (device) {
      return open(name);
    }
  }

  @Override
  public PositionedFile openPositioned(String name, boolean create) {
    synchronized (device) {
      return create && device.disk().file(path(name)) == null ? make(name) : open(name);
    }
  }

  @Override
  public ReadFile openRead(String name) {
    synchronized (device) {
      return open(name);
    }
  }

  private FaultFile open(String name) {
    String path = path(name);
    device.isToDo(device.begin(Kind.OPEN, path, 0, 0));
    return new FaultFile(device, path, existing(path).id());
  }

  private DiskFile existing(String path) {
    DiskFile file = device.disk().file(path);
    if (file == null) {
      throw refused("does not exist");
    }
    return file;
  }

  private StorageException refused(String reason) {
    return new StorageException(device.current() + " failed: " + reason, null);
  }

  @Override
  public List<String> list() {
    synchronized (device) {
      device.isToDo(device.begin(Kind.LIST, directory, 0, 0));
      return device.disk().names(directory);
    }
  }

  @Override
  public boolean exists(String name) {
    synchronized (device) {
      device.requirePower();
      return device.disk().file(path(name)) != null;
    }
  }

  @Override
  public long size(String name) {
    synchronized (device) {
      device.requirePower();
      DiskFile file = device.disk().file(path(name));
      if (file == null) {
        throw new StorageException(path(name) + ": size failed: does not exist", null);
      }
      return file.size();
    }
  }

  @Override
  public void rename(String from, String to) {
    synchronized (device) {
      Fault fault = device.begin(Kind.RENAME, path(from), 0, 0);
      existing(path(from));
      if (device.isToDo(fault)) {
        int operation = device.current().index();
        device.change(disk -> disk.rename(operation, path(from), path(to)));
      }
    }
  }

  @Override
  public void delete(String name) {
    synchronized (device) {
      Fault fault = device.begin(Kind.DELETE, path(name), 0, 0);
      existing(path(name));
      if (device.isToDo(fault)) {
        int operation = device.current().index();
        device.change(disk -> disk.delete(operation, path(name)));
      }
    }
  }

  @Override
  public void link(String name, FileSystem target, String targetName) {
    if (!(target instanceof FaultFileSystem other) || other.device != device) {
      throw new IllegalArgumentException("cannot link " + name + " into " + target);
    }
    synchronized (device) {
      Fault fault = device.begin(Kind.LINK, path(name), 0, 0);
      existing(path(name));
      String targetPath = other.path(targetName);
      if (device.disk().file(targetPath) != null) {
        throw refused("exists already at " + targetPath);
      }
      if (device.isToDo(fault)) {
        int operation = device.current().index();
        device.change(disk -> disk.link(operation, path(name), targetPath));
      }
    }
  }

  @Override
  public void syncDirectory() {
    synchronized (device) {
      if (device.isToDo(device.begin(Kind.SYNC_DIRECTORY, directory, 0, 0))) {
        device.change(disk -> disk.syncDirectory(directory));
        device.forgetUnreachable();
      }
    }
  }

  @Override
  public DirectoryLock lock() {
    synchronized (device) {
      device.requirePower();
      if (device.locked().contains(directory)) {
        throw new StorageException("/" + directory + " is in use by this process", null);
      }
      if (device.disk().file(path(FileName.LOCK)) == null) {
        make(FileName.LOCK).close();
      }
      device.locked().add(directory);
      return new FaultLock(device, directory);
    }
  }

  @Override
  public DirectoryLock lockShared() {
    synchronized (device) {
      device.requirePower();
      if (device.locked().contains(directory)) {
        throw new StorageException("/" + directory + " is in use by this process", null);
      }
      return () -> {};
    }
  }

  @Override
  public long freeBytes() {
    synchronized (device) {
      return device.freeBytes();
    }
  }

  String path(String name) {
    if (name.isEmpty() || name.indexOf('/') >= 0) {
      throw new IllegalArgumentException("name=" + name);
    }
    return directory + name;
  }

  // ---- what happened

  /// How many operations there have been; they have the indexes below.
  public int operationCount() {
    synchronized (device) {
      return device.operations().size();
    }
  }

  /// All operations so far.
  public List<Operation> operations() {
    synchronized (device) {
      return List.copyOf(device.operations());
    }
  }

  /// How many operations of a kind there have been.
  public int count(Kind kind) {
    synchronized (device) {
      return device.count(kind);
    }
  }

  /// How many handles of files are open, over all directories.
  public int openFiles() {
    synchronized (device) {
      return device.openFiles();
    }
  }

  /// Hash of all operations: equal runs have equal traces.
  public long trace() {
    synchronized (device) {
      long trace = 0;
      for (Operation operation : device.operations()) {
        trace = trace * 0x9e3779b97f4a7c15L + operation.toString().hashCode();
      }
      return trace;
    }
  }

  /// Where this file system comes from: the crash and what it took away. For messages.
  public String origin() {
    return device.origin();
  }

  // ---- faults

  /// Lets one operation fail; `index` counts from the first operation, 0.
  public void failAt(int index, Fault fault) {
    fail(operation -> operation.index() == index, fault);
  }

  /// Lets an operation and all after it fail, reads and opens too.
  public void failFrom(int index, Fault fault) {
    failAlways(operation -> operation.index() >= index, fault);
  }

  /// Lets the first operation fail for which `condition` holds.
  public void fail(Predicate<Operation> condition, Fault fault) {
    synchronized (device) {
      device.rules().add(new FaultRule(condition, fault, false));
    }
  }

  /// Lets every operation fail for which `condition` holds.
  public void failAlways(Predicate<Operation> condition, Fault fault) {
    synchronized (device) {
      device.rules().add(new FaultRule(condition, fault, true));
    }
  }

  /// Plants a bug: the `nth` sync of a file from now on, the first being 1, does nothing.
  public void ignoreSync(int nth) {
    ignore(Kind.SYNC, nth);
  }

  /// Plants a bug: the `nth` sync of a directory from now on, the first being 1, does nothing.
  public void ignoreDirectorySync(int nth) {
    ignore(Kind.SYNC_DIRECTORY, nth);
  }

  private void ignore(Kind kind, int nth) {
    synchronized (device) {
      int which = device.count(kind) + nth;
      fail(operation -> operation.kind() == kind && device.count(kind) == which, Fault.IGNORED);
    }
  }

  /// Forgets all planned faults.
  public void clearFaults() {
    synchronized (device) {
      device.rules().clear();
    }
  }

  /// Limits the device to so many bytes, counted in sectors over all directories and open files.
  public void capacity(long bytes) {
    synchronized (device) {
      device.limitCapacity(bytes);
    }
  }

  // ---- crashes

  /// Stops keeping what `crashStates` needs, for long runs; `crash` still works.
  public FaultFileSystem withoutHistory() {
    synchronized (device) {
      device.dropHistory();
      return this;
    }
  }

  /// States that a power cut right after operation `index` (-1 = before all) may leave, each as a
  /// file system of its own: all if there are no more than `limit`, otherwise `limit` of them.
  public Stream<FaultFileSystem> crashStates(int index, int limit) {
    synchronized (device) {
      String when = index < 0 ? "before all" : "after " + device.operations().get(index);
      Disk disk = device.after(index).copy();
      Iterator<CrashStates.State> states = new CrashStates(disk, index, limit, device.seed());
      Iterable<CrashStates.State> iterable = () -> states;
      return StreamSupport.stream(iterable.spliterator(), false)
          .map(state -> left(state, device.seed() + index, "crash " + when + ", "));
    }
  }

  /// True if a power cut right after operation `index` can leave other states than one before it.
  public boolean isCrashPoint(int index) {
    synchronized (device) {
      return device.operations().get(index).kind().isMutating();
    }
  }

  /// Cuts the power now: this file system is dead, the answer is one state that may be left.
  public FaultFileSystem crash(long drawSeed) {
    synchronized (device) {
      int last = device.operations().size() - 1;
      var states = new CrashStates(device.disk().copy(), last, 1, drawSeed);
      device.powerOff();
      return left(states.draw(), drawSeed, "crash after op " + last + ", ");
    }
  }

  private FaultFileSystem left(CrashStates.State state, long seed, String when) {
    String origin = "seed " + device.seed() + ": " + when + state.description();
    return new FaultFileSystem(new FaultDevice(seed, state.disk(), origin), directory);
  }

  /// Kills the process: all open files and locks are gone, what was written is with the kernel and
  /// not yet safe from a power cut. The file system itself goes on.
  public void kill() {
    synchronized (device) {
      device.kill();
    }
  }

  // ---- damage

  /// All bytes of a file.
  public byte[] contents(String name) {
    synchronized (device) {
      return file(name).contents();
    }
  }

  /// Makes or replaces a file, safe at once.
  public void put(String name, byte[] bytes) {
    synchronized (device) {
      if (device.disk().file(path(name)) == null) {
        make(name).close();
      }
      device.begin(Kind.WRITE, path(name), 0, bytes.length);
      int id = file(name).id();
      byte[] copy = bytes.clone();
      device.change(disk -> {
        disk.file(id).replace(copy);
        disk.syncDirectory(directory);
      });
    }
  }

  /// Flips the bits of `mask` in one byte, safe at once.
  public void flip(String name, int position, int mask) {
    byte[] bytes = contents(name);
    bytes[position] ^= (byte) mask;
    put(name, bytes);
  }

  /// Cuts a file, safe at once.
  public void truncate(String name, int bytes) {
    put(name, Arrays.copyOf(contents(name), bytes));
  }

  private DiskFile file(String name) {
    @Nullable DiskFile file = device.disk().file(path(name));
    if (file == null) {
      throw new IllegalArgumentException("no file " + path(name));
    }
    return file;
  }

  @Override
  public String toString() {
    return "/" + directory;
  }
}
