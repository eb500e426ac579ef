package io.atlaskv.engine.internal.backup;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.BackupInfo;
import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.api.tools.Finding;
import io.atlaskv.engine.internal.io.Directories;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The backups in a directory: `backup-NNNNNN`, each a directory of its own.
public final class BackupRepository {
  private static final String PREFIX = "backup-";
  private static final int DIGITS_MIN = 6;
  private static final int DIGITS_MAX = 18;

  private final Directories repository;

  public BackupRepository(Directories repository) {
    this.repository = repository;
  }

  /// `backup-000007`
  static String name(long number) {
    String digits = Long.toString(number);
    return PREFIX + "0".repeat(Math.max(0, DIGITS_MIN - digits.length())) + digits;
  }

  /// Numbers of all backups, oldest first.
  static List<Long> numbers(Directories repository) {
    var numbers = new ArrayList<Long>();
    for (String name : repository.list()) {
      String digits = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : "";
      boolean isNumber =
          digits.length() >= DIGITS_MIN
              && digits.length() <= DIGITS_MAX
              && digits.chars().allMatch(digit -> digit >= '0' && digit <= '9');
      if (isNumber && name.equals(name(Long.parseLong(digits)))) {
        numbers.add(Long.parseLong(digits));
      }
    }
    Collections.sort(numbers);
    return numbers;
  }

  /// What a backup says of itself; null if that is damaged or missing.
  static @Nullable BackupList listOrNull(Directories repository, long number) {
    try {
      return BackupList.read(repository.open(name(number)), number);
    } catch (AtlasException _) {
      return null; // `verify` tells why
    }
  }

  /// All backups whose list can be read, oldest first.
  public List<BackupInfo> list() {
    var backups = new ArrayList<BackupInfo>();
    for (long number : numbers(repository)) {
      BackupList list = listOrNull(repository, number);
      if (list != null) {
        backups.add(list.info());
      }
    }
    return backups;
  }

  /// Files of a backup that exists.
  FileSystem files(long number) {
    return repository.open(name(number));
  }

  /// Reads all of a backup and tells what is not as it was written.
  public List<Finding> verify(long number) {
    var findings = new ArrayList<Finding>();
    FileSystem files = files(number);
    try (var copier = new FileCopier(_ -> {})) {
      for (BackupFile file : BackupList.read(files, number).files()) {
        try {
          verify(files, file, copier);
        } catch (AtlasException e) {
          findings.add(Finding.of(e, file.name()));
        }
      }
    } catch (CorruptionException | StorageException e) {
      findings.add(Finding.of(e, FileName.BACKUP));
    }
    return findings;
  }

  /// Reads all of a file.
  ///
  /// @throws CorruptionException if it is not what was written
  static void verify(FileSystem files, BackupFile file, FileCopier copier) {
    long bytes = files.size(file.name());
    if (bytes != file.bytes()) {
      throw new CorruptionException(
          file.name(), 0, "expected " + file.bytes() + " bytes, found " + bytes);
    }
    requireSame(file, copier.checksum(files, file.name(), 0, file.usedBytes()));
  }

  static void requireSame(BackupFile file, int checksum) {
    if (checksum != file.checksum()) {
      throw CorruptionException.checksum(file.name(), 0, file.checksum(), checksum);
    }
  }

  /// Deletes a backup, so that a crash leaves no part of it under its name. What it shares with
  /// others stays theirs.
  public void delete(long number) {
    if (!repository.exists(name(number))) {
      throw new StorageException(repository + "/" + name(number) + ": no such backup", null);
    }
    UnfinishedCheckpoint.remove(repository, name(number));
  }
}
