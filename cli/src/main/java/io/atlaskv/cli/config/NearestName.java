package io.atlaskv.cli.config;

import java.util.Collection;

/// Finds the name that somebody may have meant.
final class NearestName {
  private static final int EDITS_MAX = 3;

  private NearestName() {}

  /// ", did you mean 'x'?" for a name that is at most three edits and a third of its length away;
  /// nothing if there is none.
  static String hint(String name, Collection<String> known) {
    String best = "";
    int bestEdits = Math.min(EDITS_MAX, Math.max(1, name.length() / 3)) + 1;
    for (String candidate : known) {
      int edits = edits(name, candidate);
      if (edits < bestEdits) {
        bestEdits = edits;
        best = candidate;
      }
    }
    return best.isEmpty() ? "" : ", did you mean '" + best + "'?";
  }

  /// Insertions, deletions, changes and swaps of neighbours that make one of the other.
  static int edits(String from, String to) {
    int[] before = new int[to.length() + 1];
    int[] previous = new int[to.length() + 1];
    int[] current = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      current[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        boolean isSame = from.charAt(i - 1) == to.charAt(j - 1);
        int least = Math.min(previous[j], current[j - 1]) + 1;
        least = Math.min(least, previous[j - 1] + (isSame ? 0 : 1));
        if (i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1)) {
          least = Math.min(least, before[j - 2] + 1);
        }
        current[j] = least;
      }
      int[] spare = before;
      before = previous;
      previous = current;
      current = spare;
    }
    return previous[to.length()];
  }
}
