package io.atlaskv.redis.command;

import io.atlaskv.engine.internal.io.Clock;
import io.atlaskv.redis.config.Settings;
import io.atlaskv.redis.resp.Args;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// A command as MONITOR shows it: `+time [database address] "word" "word"`, each word at most a
/// MiB.
final class MonitorLine {
  private static final int ARGUMENT_BYTES_MAX = 1 << 20;
  private static final String REDACTED = "\"(redacted)\"";

  private MonitorLine() {}

  static byte[] of(
      Session session, Clock clock, Settings settings, RegisteredCommand command, Args args) {
    long now = clock.currentTimeMillis();
    var line = new StringBuilder();
    line.append(String.format(Locale.ROOT, "+%d.%03d000 ", now / 1000, now % 1000));
    line.append('[').append(session.database()).append(' ').append(session.address()).append(']');
    for (int i = 0; i < args.count(); i++) {
      line.append(' ');
      if (command.command().isSecret(settings, args, i)) {
        line.append(REDACTED);
      } else {
        quote(args.head(i, ARGUMENT_BYTES_MAX), line);
      }
    }
    return line.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void quote(byte[] word, StringBuilder line) {
    line.append('"');
    for (byte c : word) {
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
            line.append(String.format(Locale.ROOT, "\\x%02x", c & 0xff));
          }
        }
      }
    }
    line.append('"');
  }
}
