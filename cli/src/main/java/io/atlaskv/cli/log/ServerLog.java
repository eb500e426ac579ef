package io.atlaskv.cli.log;

import io.atlaskv.redis.config.LateLogger;
import io.atlaskv.redis.config.ProcessSettings;
import io.atlaskv.redis.config.ProcessSettings.LogLevel;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where all loggers of the process write to. A line is `pid:M 21 Nov 2026 10:00:00.000 * text`,
/// with `.` for debug, `*` for notice and `#` for warning, as Redis writes it, so that what reads
/// its logs reads ours.
public final class ServerLog {
  private static final List<String> MONTHS =
      List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");
  private static final ServerLog INSTANCE = new ServerLog();

  private final String pid = Long.toString(ProcessHandle.current().pid());
  private volatile PrintStream out = System.out;
  private volatile LogLevel level = LogLevel.NOTICE;

  private ServerLog() {}

  /// The log of this process.
  static ServerLog instance() {
    return INSTANCE;
  }

  /// From now on the log is what the settings say, and follows them.
  ///
  /// @throws IOException if the file cannot be written to
  public static void follow(ProcessSettings settings) throws IOException {
    String file = settings.logfile.value();
    if (!file.isEmpty()) {
      OutputStream stream =
          Files.newOutputStream(
              Path.of(file), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      INSTANCE.out = new PrintStream(stream, true, StandardCharsets.UTF_8);
    }
    INSTANCE.level(settings.loglevel.value());
    settings.loglevel.onChange(() -> INSTANCE.level(settings.loglevel.value()));
  }

  private void level(LogLevel newLevel) {
    level = newLevel;
    LateLogger.least(newLevel == LogLevel.DEBUG ? Level.DEBUG : Level.INFO);
  }

  /// Loads what a line needs, the data of the time zone and the loggers among it: the first line
  /// may be about file descriptors that are used up, and must not need one.
  public static void warmUp() {
    System.getLogger(ServerLog.class.getName()).isLoggable(Level.DEBUG);
    INSTANCE.line(Instant.now().atZone(zone()), Level.INFO, "");
  }

  boolean isWritten(Level wanted) {
    return switch (wanted) {
      case ALL, TRACE -> false;
      case DEBUG -> level == LogLevel.DEBUG;
      case INFO -> level != LogLevel.WARNING;
      case WARNING, ERROR -> true;
      case OFF -> false;
    };
  }

  void write(Level of, String text, @Nullable Throwable thrown) {
    String line = line(Instant.now().atZone(zone()), of, text);
    if (thrown != null) {
      var trace = new StringWriter();
      thrown.printStackTrace(new PrintWriter(trace));
      line += "\n" + trace.toString().strip();
    }
    out.println(line);
  }

  /// The zone of the system, or UTC if its data cannot be read: a line must not end the thread that
  /// writes it. The JDK throws a plain `Error` when it cannot open the file.
  private static ZoneId zone() {
    try {
      return ZoneId.systemDefault();
    } catch (Error | RuntimeException e) {
      return ZoneOffset.UTC;
    }
  }

  /// By hand: `String.format` would load the number formats of a locale, a third of what a first
  /// line costs.
  String line(ZonedDateTime time, Level of, String text) {
    char mark =
        switch (of) {
          case ALL, TRACE, DEBUG -> '.';
          case INFO, OFF -> '*';
          case WARNING, ERROR -> '#';
        };
    var line = new StringBuilder(pid).append(":M ");
    padded(line, 2, time.getDayOfMonth());
    line.append(' ').append(MONTHS.get(time.getMonthValue() - 1));
    line.append(' ').append(time.getYear()).append(' ');
    padded(line, 2, time.getHour());
    padded(line.append(':'), 2, time.getMinute());
    padded(line.append(':'), 2, time.getSecond());
    padded(line.append('.'), 3, time.getNano() / 1_000_000);
    return line.append(' ').append(mark).append(' ').append(text).toString();
  }

  private static void padded(StringBuilder line, int digits, int number) {
    String shown = Integer.toString(number);
    line.repeat('0', digits - shown.length()).append(shown);
  }
}
