package io.atlaskv.cli.client;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jline.reader.LineReader;
import org.jline.reader.impl.history.DefaultHistory;

/// A history that keeps no passwords.
final class DiscreetHistory extends DefaultHistory {
  private static final Pattern SECRET =
      Pattern.compile(
          "[\\s'\"]*(auth\\b.*|(hello|migrate)\\b.*\\bauth2?\\b.*|acl\\b.*\\bsetuser\\b.*)"
              + "|.*\\b(requirepass|masterauth|auth-pass|key-file-pass)\\b.*",
          Pattern.DOTALL); // what is pasted may have line ends

  /// True if the line says a password.
  static boolean isSecret(String line) {
    return SECRET.matcher(line.toLowerCase(Locale.ROOT)).matches();
  }

  @Override
  protected boolean matchPatterns(String patterns, String line) {
    return isSecret(line) || super.matchPatterns(patterns, line);
  }

  @Override
  public void attach(LineReader reader) {
    // without a pattern nobody would ask whether a line is one of those to be left out
    reader.getVariables().putIfAbsent(LineReader.HISTORY_IGNORE, " *");
    super.attach(reader);
  }
}
