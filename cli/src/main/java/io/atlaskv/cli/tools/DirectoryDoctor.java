package io.atlaskv.cli.tools;

import io.atlaskv.engine.StoreTools;
import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.api.tools.ManifestContents;
import io.atlaskv.engine.api.tools.ManifestContents.LiveTable;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Looks at a data directory: where it lies, who may write to it, what is in it.
final class DirectoryDoctor {
  private static final long FREE_WANTED = 1L << 30;
  private static final Duration FUTURE = Duration.ofMinutes(1);
  private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs");
  private static final Set<String> REMOTE =
      Set.of("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "fuse.s3fs");

  private final Path directory;
  private final List<Diagnosis> found = new ArrayList<>();

  private DirectoryDoctor(Path directory) {
    this.directory = directory;
  }

  static List<Diagnosis> examine(Path directory) throws IOException {
    var doctor = new DirectoryDoctor(directory);
    doctor.run();
    return doctor.found;
  }

  private void run() throws IOException {
    if (!Files.isDirectory(directory)) {
      found.add(
          new Diagnosis(
              "directory", directory + " is not there", "a server makes it; or check the path"));
      return;
    }
    boolean isOurs =
        Files.isReadable(directory) && Files.isWritable(directory) && Files.isExecutable(directory);
    found.add(
        new Diagnosis(
            "directory",
            directory.toString(),
            isOurs ? "" : "let this user read, write and search it"));
    FileStore device = Files.getFileStore(directory);
    found.add(fileSystem(device.type().toLowerCase(Locale.ROOT)));
    long tableBytes = store();
    found.add(space(device.getUsableSpace(), tableBytes));
    newestFile();
  }

  static Diagnosis fileSystem(String type) {
    String advice = "";
    if (IN_MEMORY.contains(type)) {
      advice = "it is memory: all is lost with the machine; use a directory on a disk";
    } else if (REMOTE.contains(type)) {
      advice = "its locks and syncs may not hold what they promise; use a local disk";
    }
    return new Diagnosis("file system", type, advice);
  }

  static Diagnosis space(long freeBytes, long tableBytes) {
    boolean isEnough = freeBytes >= Math.max(FREE_WANTED, tableBytes);
    return new Diagnosis(
        "free space",
        Report.size(freeBytes) + ", tables have " + Report.size(tableBytes),
        isEnough ? "" : "free some: merging all tables takes as much as they have, and log 1 GiB");
  }

  /// Returns the bytes of all tables.
  private long store() throws IOException {
    try {
      ManifestContents manifest = StoreTools.manifest(directory);
      long bytes = manifest.tables().stream().mapToLong(LiveTable::bytes).sum();
      found.add(
          Diagnosis.fine(
              "store", Report.count(manifest.tables().size(), "table") + ", nobody has it open"));
      leftovers(manifest);
      return bytes;
    } catch (StorageException e) { // without a cause: in use, or none here
      found.add(
          new Diagnosis(
              "store",
              String.valueOf(e.getMessage()),
              e.getCause() == null
                  ? ""
                  : "check who may read and write its files, and the device"));
    } catch (AtlasException e) {
      found.add(
          new Diagnosis(
              "store",
              String.valueOf(e.getMessage()),
              "do not open it; make a copy, then atlaskv verify " + directory));
    }
    return 0;
  }

  private void leftovers(ManifestContents manifest) throws IOException {
    Set<String> live = manifest.tables().stream().map(LiveTable::file).collect(Collectors.toSet());
    List<String> left;
    try (Stream<Path> files = Files.list(directory)) {
      left =
          files
              .map(file -> file.getFileName().toString())
              .filter(
                  name -> name.endsWith(".tmp") || (name.endsWith(".sst") && !live.contains(name)))
              .sorted()
              .toList();
    }
    found.add(
        Diagnosis.fine(
            "leftover files",
            left.isEmpty() ? "none" : String.join(", ", left) + ": the next open deletes them"));
  }

  private void newestFile() throws IOException {
    Instant limit = Instant.now().plus(FUTURE);
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.sorted().toList()) {
        Instant written = Files.getLastModifiedTime(file).toInstant();
        if (written.isAfter(limit)) {
          found.add(
              new Diagnosis(
                  "times",
                  file.getFileName() + " was written at " + written,
                  "that is in the future: check the clock, keys expire by it"));
          return;
        }
      }
    }
  }
}
