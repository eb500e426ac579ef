package io.atlaskv.redis.data;

/// Redis' glob patterns: `*`, `?`, `[a-z]`, `[^a]`, `\x`.
///
/// Iterative, with one point to go back to: the last `*`. So a pattern of p bytes takes at most p ×
/// n steps on a string of n bytes; the recursion of Redis is exponential in the number of stars.
public final class Glob {
  private final byte[] pattern;

  public Glob(byte[] pattern) {
    this.pattern = pattern.clone();
  }

  /// True if every string matches.
  public boolean matchesAll() {
    return pattern.length == 1 && pattern[0] == '*';
  }

  /// True if the slice matches.
  public boolean matches(byte[] text, int offset, int length) {
    int end = offset + length;
    int at = offset;
    int p = 0;
    int starPattern = -1;
    int starText = -1;
    while (true) {
      if (p < pattern.length && pattern[p] == '*') {
        starPattern = ++p;
        starText = at;
        continue;
      }
      if (at < end && p < pattern.length) {
        int next = matchOne(p, text[at]);
        if (next > 0) {
          p = next;
          at++;
          continue;
        }
      } else if (at == end && p == pattern.length) {
        return true;
      }
      if (starPattern < 0 || starText == end) {
        return false;
      }
      p = starPattern;
      at = ++starText;
    }
  }

  /// Matches one byte with the element at `p`: where the next element starts, or 0.
  private int matchOne(int p, byte c) {
    return switch (pattern[p]) {
      case '?' -> p + 1;
      case '[' -> matchClass(p + 1, c);
      case '\\' -> {
        int literal = p + 1 < pattern.length ? p + 1 : p;
        yield pattern[literal] == c ? literal + 1 : 0;
      }
      default -> pattern[p] == c ? p + 1 : 0;
    };
  }

  /// As Redis: a class without an end ends with the pattern, a range may be given backwards.
  private int matchClass(int start, byte c) {
    int p = start;
    int value = c & 0xff;
    boolean isNegated = p < pattern.length && pattern[p] == '^';
    if (isNegated) {
      p++;
    }
    boolean isMember = false;
    while (p < pattern.length && pattern[p] != ']') {
      if (pattern[p] == '\\' && p + 1 < pattern.length) {
        p++;
        isMember |= pattern[p] == c;
        p++;
      } else if (p + 2 < pattern.length && pattern[p + 1] == '-') {
        int low = Math.min(pattern[p] & 0xff, pattern[p + 2] & 0xff);
        int high = Math.max(pattern[p] & 0xff, pattern[p + 2] & 0xff);
        isMember |= value >= low && value <= high;
        p += 3;
      } else {
        isMember |= pattern[p] == c;
        p++;
      }
    }
    if (isMember == isNegated) {
      return 0;
    }
    return Math.min(p + 1, pattern.length);
  }
}
