package io.atlaskv.cli.tools;

import io.atlaskv.cli.client.Arguments;
import io.atlaskv.cli.client.Json;
import io.atlaskv.cli.client.MisuseException;
import io.atlaskv.engine.api.BackupInfo;

/// How the backup tools print a backup and read its number.
final class BackupReport {
  private BackupReport() {}

  static void line(Report report, BackupInfo backup) {
    if (report.isJson()) {
      report.line(
          Json.object()
              .field("type", "backup")
              .field("number", backup.number())
              .field("store", backup.storeUuid().toString())
              .field("time", Report.time(backup.timeMillis()))
              .field("firstSequence", backup.firstSequence())
              .field("lastSequence", backup.lastSequence())
              .field("files", backup.files())
              .field("bytes", backup.bytes())
              .field("copiedBytes", backup.copiedBytes()));
    } else {
      report.line(
          "backup "
              + backup.number()
              + ": "
              + Report.time(backup.timeMillis())
              + ", sequence "
              + backup.lastSequence()
              + " (log from "
              + backup.firstSequence()
              + "), "
              + Report.count(backup.files(), "file")
              + ", "
              + Report.size(backup.bytes())
              + ", "
              + Report.size(backup.copiedBytes())
              + " copied");
    }
  }

  /// The last word, as the number of a backup.
  static long number(Arguments arguments) throws MisuseException {
    return number("the number of the backup", arguments.words().getLast());
  }

  /// @param name what it is the value of
  static long number(String name, String word) throws MisuseException {
    try {
      long number = Long.parseLong(word);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException _) {
      // told below
    }
    throw new MisuseException(
        name + " '" + word + "': must be a number from 1 to " + Long.MAX_VALUE);
  }
}
