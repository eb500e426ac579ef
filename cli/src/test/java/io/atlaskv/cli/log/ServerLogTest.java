package io.atlaskv.cli.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.System.Logger.Level;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;

class ServerLogTest {
  private static final long PID = ProcessHandle.current().pid();

  @Test
  void numbersHaveAllTheirDigits() {
    var time = ZonedDateTime.of(2026, 1, 2, 3, 4, 5, 6_999_999, ZoneOffset.UTC);
    assertEquals(
        PID + ":M 02 Jan 2026 03:04:05.006 * Ready",
        ServerLog.instance().line(time, Level.INFO, "Ready"));
  }

  @Test
  void theMarkSaysTheLevel() {
    var time = ZonedDateTime.of(2026, 12, 31, 23, 59, 58, 999_000_000, ZoneOffset.ofHours(2));
    assertEquals(
        PID + ":M 31 Dec 2026 23:59:58.999 # %d is no format",
        ServerLog.instance().line(time, Level.WARNING, "%d is no format"));
    assertEquals(
        PID + ":M 31 Dec 2026 23:59:58.999 . ", ServerLog.instance().line(time, Level.DEBUG, ""));
  }
}
