package io.atlaskv.engine.internal.io;

import org.jspecify.annotations.Nullable;

/// What the name of a file of ours says.
///
/// ```
/// 000012.sst        table             12
/// 000012.log        log segment       12
/// 000012.tmp        not yet anything  12   swept at open
/// MANIFEST-000012   manifest          12
/// CURRENT           names the manifest
/// COMMITTED         tells how much of the manifest is synced
/// BACKUP            lists the files of a backup
/// LOCK              locked while the store is open
/// ```
///
/// @param number file number; 0 for `CURRENT`, `COMMITTED`, `BACKUP` and `LOCK`
public record FileName(Kind kind, long number) {
  /// Names the live manifest.
  public static final String CURRENT = "CURRENT";

  /// Tells how much of the live manifest is synced.
  public static final String COMMITTED = "COMMITTED";

  /// Lists the files of a backup.
  public static final String BACKUP = "BACKUP";

  /// Locked while the store is open.
  public static final String LOCK = "LOCK";

  private static final String TABLE_SUFFIX = ".sst";
  private static final String LOG_SUFFIX = ".log";
  private static final String TEMPORARY_SUFFIX = ".tmp";
  private static final String MANIFEST_PREFIX = "MANIFEST-";
  private static final int DIGITS_MIN = 6;
  private static final int DIGITS_MAX = 18;

  /// Kinds of files in a store's directory.
  public enum Kind {
    TABLE,
    LOG,
    TEMPORARY,
    MANIFEST,
    CURRENT,
    COMMITTED,
    BACKUP,
    LOCK
  }

  /// `000012.sst`
  public static String table(long number) {
    return digits(number) + TABLE_SUFFIX;
  }

  /// `000012.log`
  public static String log(long number) {
    return digits(number) + LOG_SUFFIX;
  }

  /// `000012.tmp`
  public static String temporary(long number) {
    return digits(number) + TEMPORARY_SUFFIX;
  }

  /// `MANIFEST-000012`
  public static String manifest(long number) {
    return MANIFEST_PREFIX + digits(number);
  }

  /// Reads a name; null if it is none of ours. Only the form that the methods above make is ours.
  public static @Nullable FileName parse(String name) {
    if (name.equals(CURRENT)) {
      return new FileName(Kind.CURRENT, 0);
    }
    if (name.equals(COMMITTED)) {
      return new FileName(Kind.COMMITTED, 0);
    }
    if (name.equals(BACKUP)) {
      return new FileName(Kind.BACKUP, 0);
    }
    if (name.equals(LOCK)) {
      return new FileName(Kind.LOCK, 0);
    }
    if (name.startsWith(MANIFEST_PREFIX)) {
      return numbered(Kind.MANIFEST, name.substring(MANIFEST_PREFIX.length()));
    }
    int dot = name.indexOf('.');
    if (dot < 0) {
      return null;
    }
    String digits = name.substring(0, dot);
    return switch (name.substring(dot)) {
      case TABLE_SUFFIX -> numbered(Kind.TABLE, digits);
      case LOG_SUFFIX -> numbered(Kind.LOG, digits);
      case TEMPORARY_SUFFIX -> numbered(Kind.TEMPORARY, digits);
      default -> null;
    };
  }

  /// The name itself.
  public String text() {
    return switch (kind) {
      case TABLE -> table(number);
      case LOG -> log(number);
      case TEMPORARY -> temporary(number);
      case MANIFEST -> manifest(number);
      case CURRENT -> CURRENT;
      case COMMITTED -> COMMITTED;
      case BACKUP -> BACKUP;
      case LOCK -> LOCK;
    };
  }

  private static @Nullable FileName numbered(Kind kind, String digits) {
    if (digits.length() < DIGITS_MIN || digits.length() > DIGITS_MAX) {
      return null;
    }
    long number = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      if (c < '0' || c > '9') {
        return null;
      }
      number = number * 10 + (c - '0');
    }
    return digits.equals(digits(number)) ? new FileName(kind, number) : null;
  }

  private static String digits(long number) {
    if (number < 0) {
      throw new IllegalArgumentException("number=" + number);
    }
    String digits = Long.toString(number);
    return "0".repeat(Math.max(0, DIGITS_MIN - digits.length())) + digits;
  }
}
