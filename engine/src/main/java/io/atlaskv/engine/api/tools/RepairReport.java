package io.atlaskv.engine.api.tools;

/// What a repair has done.
///
/// @param manifest what became of it
/// @param tablesKept tables that are as they were
/// @param tablesRewritten tables of which a part was lost, or nothing but their place
/// @param tablesLost tables of which nothing could be read
/// @param isLogKept whether the log is as it was; else what it held is in tables
/// @param logOperations operations taken from the log into tables
/// @param losses number of places that could not be read
/// @param entriesLost rows and operations that are known to be lost
/// @param isCounted whether those are all
/// @param aside directory in the store's that has the files as they were; empty if nothing was
///   wrong, and nothing was changed
public record RepairReport(
    ManifestFate manifest,
    int tablesKept,
    int tablesRewritten,
    int tablesLost,
    boolean isLogKept,
    long logOperations,
    int losses,
    long entriesLost,
    boolean isCounted,
    String aside) {
  /// What became of the manifest.
  public enum ManifestFate {
    /// It was read.
    KEPT,
    /// `CURRENT` was lost, the manifest was found and read.
    FOUND,
    /// It was lost: all tables there are were merged, by the sequences of their rows.
    REBUILT
  }

  /// True if the files were changed.
  public boolean isChanged() {
    return !aside.isEmpty();
  }
}
