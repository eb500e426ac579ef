package io.atlaskv.engine.internal.io;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The simulated disk: files and their names.
///
/// Model of names: a change (made, moved, deleted, linked) is atomic and volatile until its
/// directory is synced. Any subset of the changes since then may survive, each at its place in
/// their order. Syncing a file says nothing about its name. A directory that is moved takes along
/// the names that are there when the move counts: those that survive, after a crash.
final class Disk {
  /// All files by id, also those without a name that are open or named by an unsafe change.
  private final SortedMap<Integer, DiskFile> files = new TreeMap<>();

  private final SortedMap<String, DiskFile> names = new TreeMap<>();
  private final SortedMap<String, DiskFile> safeNames = new TreeMap<>();
  private final List<NameChange> unsafe = new ArrayList<>();
  private int nextId;

  /// One change of names in one directory; a null file takes a name away.
  ///
  /// @param move of a directory, null if files only are changed
  private record NameChange(
      int operation,
      String directory,
      SortedMap<String, @Nullable Integer> entries,
      @Nullable Move move) {
    NameChange(int operation, String directory, SortedMap<String, @Nullable Integer> entries) {
      this(operation, directory, entries, null);
    }

    /// The change as it is once the directory has its new name.
    NameChange moved(Move by) {
      if (!directory.startsWith(by.from)) {
        return this;
      }
      var moved = new TreeMap<String, @Nullable Integer>();
      entries.forEach((path, id) -> moved.put(by.apply(path), id));
      return new NameChange(operation, by.apply(directory), moved, move);
    }

    String what() {
      return move == null ? entries.keySet().toString() : move.toString();
    }
  }

  /// A directory, with its slash, gets another name.
  private record Move(String from, String to) {
    String apply(String path) {
      return path.startsWith(from) ? to + path.substring(from.length()) : path;
    }
  }

  Disk copy() {
    var copy = new Disk();
    files.forEach((id, file) -> copy.files.put(id, file.copy()));
    names.forEach((name, file) -> copy.names.put(name, copy.file(file.id())));
    safeNames.forEach((name, file) -> copy.safeNames.put(name, copy.file(file.id())));
    copy.unsafe.addAll(unsafe);
    copy.nextId = nextId;
    return copy;
  }

  @Nullable DiskFile file(String path) {
    return names.get(path);
  }

  DiskFile file(int id) {
    DiskFile file = files.get(id);
    if (file == null) {
      throw new IllegalStateException("file id=" + id);
    }
    return file;
  }

  List<String> names(String directory) {
    var found = new ArrayList<String>();
    for (String path : names.keySet()) {
      if (directoryOf(path).equals(directory)) {
        found.add(path.substring(directory.length()));
      }
    }
    return found;
  }

  private static String directoryOf(String path) {
    return path.substring(0, path.lastIndexOf('/') + 1);
  }

  int create(int operation, String path) {
    var file = new DiskFile(nextId++);
    files.put(file.id(), file);
    change(operation, path, file.id());
    return file.id();
  }

  void link(int operation, String path, String target) {
    change(operation, target, existing(path).id());
  }

  void delete(int operation, String path) {
    change(operation, path, null);
  }

  void rename(int operation, String from, String to) {
    var entries = new TreeMap<String, @Nullable Integer>();
    entries.put(from, null);
    entries.put(to, existing(from).id());
    change(new NameChange(operation, directoryOf(to), entries));
  }

  /// Moves a directory, whose path ends with a slash as the other.
  void renameDirectory(int operation, String parent, String from, String to) {
    change(new NameChange(operation, parent, new TreeMap<>(), new Move(from, to)));
  }

  /// Names of the directories in a directory that have files.
  List<String> directories(String parent) {
    var found = new TreeSet<String>();
    for (String path : names.keySet()) {
      int slash = path.startsWith(parent) ? path.indexOf('/', parent.length()) : -1;
      if (slash >= 0) {
        found.add(path.substring(parent.length(), slash));
      }
    }
    return List.copyOf(found);
  }

  private DiskFile existing(String path) {
    DiskFile file = names.get(path);
    if (file == null) {
      throw new IllegalStateException("no file " + path);
    }
    return file;
  }

  private void change(int operation, String path, @Nullable Integer id) {
    var entries = new TreeMap<String, @Nullable Integer>();
    entries.put(path, id);
    change(new NameChange(operation, directoryOf(path), entries));
  }

  private void change(NameChange change) {
    unsafe.add(change);
    apply(change, names);
  }

  private void apply(NameChange change, SortedMap<String, DiskFile> target) {
    Move move = change.move();
    if (move != null) {
      for (String path : List.copyOf(target.keySet())) {
        DiskFile file = target.get(path);
        if (path.startsWith(move.from()) && file != null) {
          target.remove(path);
          target.put(move.apply(path), file);
        }
      }
    }
    change
        .entries()
        .forEach((path, id) -> {
          if (id == null) {
            target.remove(path);
          } else {
            target.put(path, file(id));
          }
        });
  }

  void syncDirectory(String directory) {
    for (Iterator<NameChange> changes = unsafe.iterator(); changes.hasNext(); ) {
      NameChange change = changes.next();
      if (change.directory().equals(directory)) {
        apply(change, safeNames);
        changes.remove();
        Move move = change.move();
        if (move != null) { // what is not yet safe in it has moved with it
          unsafe.replaceAll(
              other -> other.operation() < change.operation() ? other.moved(move) : other);
          syncDirectory(directory);
          return;
        }
      }
    }
  }

  /// Bytes taken by files that have a name or are open.
  long allocatedBytes(Set<Integer> openFiles) {
    var counted = new TreeSet<>(openFiles);
    names.values().forEach(file -> counted.add(file.id()));
    return counted.stream().mapToLong(id -> file(id).allocatedBytes()).sum();
  }

  /// Drops files that nothing can reach any more.
  void forgetUnreachable(Set<Integer> openFiles) {
    var reachable = new TreeSet<>(openFiles);
    names.values().forEach(file -> reachable.add(file.id()));
    safeNames.values().forEach(file -> reachable.add(file.id()));
    for (NameChange change : unsafe) {
      change.entries().values().stream().filter(Objects::nonNull).forEach(reachable::add);
    }
    files.keySet().retainAll(reachable);
  }

  /// How many states a crash may leave; at most `limit` is counted.
  long crashStateCount(long limit) {
    long states = 1;
    for (int i = 0; i < unsafe.size() && states < limit; i++) {
      states *= 2;
    }
    for (DiskFile file : files.values()) {
      states *= file.crashStateCount(limit);
      if (states >= limit) {
        return limit;
      }
    }
    return states;
  }

  /// What is left after a crash, all of it safe.
  Disk afterCrash(Choices choices, StringBuilder lost) {
    var left = new Disk();
    var survivors = new TreeMap<>(safeNames);
    for (NameChange change : unsafe) {
      if (choices.choose(2, new int[] {-1, change.operation()}) == 1) {
        apply(change, survivors);
      } else {
        lost.append("; names lost: ").append(change.what());
      }
    }
    survivors.forEach((path, file) ->
        left.names.put(
            path,
            left.files.computeIfAbsent(file.id(), _ -> file.afterCrash(choices, path, lost))));
    left.safeNames.putAll(left.names);
    left.nextId = nextId;
    return left;
  }
}
