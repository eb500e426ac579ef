package io.atlaskv.redis.command;

import io.atlaskv.engine.internal.io.Clock;
import io.atlaskv.redis.config.Settings;
import io.atlaskv.redis.resp.Args;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// A command as MONITOR shows it: `+time [database address] "word" "word"`. Of the words so many
/// bytes are shown as may stand on the heap of a loop; what is left out is told in SLOWLOG's way.
final class MonitorLine {
  /// From so many bytes of lines on a transaction's further commands are only counted.
  static final int TRANSACTION_BYTES_MAX = 4 << 20;

  private static final int WORDS_BYTES_MAX = 256 << 10; // up to four times as many when quoted
  private static final int QUOTES_BYTES = 3; // of a word, with the space before it
  private static final String REDACTED = "(redacted)";

  private final StringBuilder line = new StringBuilder();

  private MonitorLine(Session session, int database, Clock clock) {
    long now = clock.currentTimeMillis();
    line.append(String.format(Locale.ROOT, "+%d.%03d000 ", now / 1000, now % 1000));
    line.append('[').append(database).append(' ').append(session.address()).append(']');
  }

  /// @param database that is selected after the command
  static byte[] of(
      Session session,
      int database,
      Clock clock,
      Settings settings,
      RegisteredCommand command,
      Args args) {
    var shown = new MonitorLine(session, database, clock);
    int left = WORDS_BYTES_MAX;
    int count = 0;
    for (; count < args.count() && left > 0; count++) {
      left -= QUOTES_BYTES;
      if (command.command().isSecret(settings, args, count)) {
        shown.word(REDACTED);
        continue;
      }
      byte[] head = args.head(count, Math.max(0, left));
      left -= head.length;
      shown.word(head, args.length(count) - head.length);
    }
    if (count < args.count()) {
      shown.word("... (" + (args.count() - count) + " more arguments)");
    }
    return shown.end();
  }

  /// The line in place of a transaction's last commands.
  static byte[] ofMore(Session session, Clock clock, int commands) {
    var shown = new MonitorLine(session, session.database(), clock);
    shown.word("... (" + commands + " more commands)");
    return shown.end();
  }

  private byte[] end() {
    return line.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private void word(String plain) {
    line.append(" \"").append(plain).append('"');
  }

  private void word(byte[] head, int moreBytes) {
    line.append(" \"");
    for (byte c : head) {
      quote(c);
    }
    if (moreBytes > 0) {
      line.append("... (").append(moreBytes).append(" more bytes)");
    }
    line.append('"');
  }

  private void quote(byte c) {
    switch (c) {
      case '"', '\\' -> line.append('\\').append((char) c);
      case '\n' -> line.append("\\n");
      case '\r' -> line.append("\\r");
      case '\t' -> line.append("\\t");
      case 7 -> line.append("\\a");
      case '\b' -> line.append("\\b");
      default -> {
        if (c >= ' ' && c <= '~') {
          line.append((char) c);
        } else {
          line.append("\\x").append(digit(c >> 4)).append(digit(c));
        }
      }
    }
  }

  private static char digit(int value) {
    return Character.forDigit(value & 0xf, 16);
  }
}
