package io.atlaskv.cli.tools;

import io.atlaskv.cli.client.Arguments;
import io.atlaskv.cli.client.Flag;
import io.atlaskv.cli.client.Json;
import io.atlaskv.cli.client.MisuseException;
import io.atlaskv.cli.client.Terminal;
import io.atlaskv.engine.Backups;
import io.atlaskv.engine.api.BackupInfo;
import io.atlaskv.engine.api.StorageException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `atlaskv restore REPOSITORY DIR`.
final class RestoreTool extends Tool {
  private static final String BACKUP = "--backup";
  private static final String SEQUENCE = "--to-sequence";
  private static final String TIME = "--to-time";

  RestoreTool() {
    super(
        "restore",
        "REPOSITORY DIR",
        "Makes a new data directory of a backup: the newest one, or the moment that a flag says.");
  }

  @Override
  List<Flag> flags() {
    return List.of(
        new Flag(BACKUP, "N", "the moment of this backup"),
        new Flag(SEQUENCE, "N", "the moment after the commit with this sequence"),
        new Flag(TIME, "TIME", "this moment, such as 2026-11-21T12:30:00Z"));
  }

  @Override
  int run(Arguments arguments, Terminal terminal) throws MisuseException {
    List<Path> paths = paths(arguments, 2);
    Path repository = paths.getFirst();
    Path target = paths.getLast();
    @Nullable String backup = arguments.value(BACKUP);
    @Nullable String sequence = arguments.value(SEQUENCE);
    @Nullable String time = arguments.value(TIME);
    int given = (backup == null ? 0 : 1) + (sequence == null ? 0 : 1) + (time == null ? 0 : 1);
    if (given > 1) {
      throw new MisuseException("only one of the flags can say the moment");
    }
    long last;
    if (sequence != null) {
      last = Backups.restoreToSequence(repository, BackupReport.number(SEQUENCE, sequence), target);
    } else if (time != null) {
      last = Backups.restoreToTime(repository, instant(time), target);
    } else {
      long number = backup == null ? newest(repository) : BackupReport.number(BACKUP, backup);
      last = Backups.restore(repository, number, target);
    }
    var report = new Report(arguments, terminal);
    if (report.isJson()) {
      report.line(
          Json.object()
              .field("type", "report")
              .field("directory", target.toString())
              .field("lastSequence", last));
    } else {
      report.line(target + " is the store as it was after sequence " + last);
    }
    return ToolMain.EXIT_SOUND;
  }

  private static long newest(Path repository) {
    List<BackupInfo> backups = Backups.list(repository);
    if (backups.isEmpty()) {
      throw new StorageException(repository + ": no backup here", null);
    }
    return backups.getLast().number();
  }

  private static Instant instant(String text) throws MisuseException {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new MisuseException(
          TIME + " '" + text + "': must be a time such as 2026-11-21T12:30:00Z");
    }
  }
}
