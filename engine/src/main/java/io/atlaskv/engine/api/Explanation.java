package io.atlaskv.engine.api;

import java.util.List;
import java.util.Locale;

/// How one key was looked up: what was asked in which order, what it said, how long it took.
///
/// @param answer of the whole
/// @param sequence of the version or deletion that decided; 0 if nothing of the key was found
/// @param nanos from begin to end, the sum of the steps and a little
/// @param steps in order; the last one decided
public record Explanation(Answer answer, long sequence, long nanos, List<Step> steps) {
  /// What a lookup may find.
  public enum Answer {
    /// A value.
    FOUND,
    /// A deletion, of the key or of a range it is in; older places need not be asked.
    DELETED,
    /// Nothing.
    ABSENT
  }

  /// What kept a table from being searched, or did not.
  public enum Filter {
    /// The table has neither filter nor point index.
    NONE,
    /// The filter says that the key is not there: no block was touched.
    REJECTED,
    /// The filter lets the key pass.
    PASSED,
    /// The point index, which tables of the running process have, named the place or its lack.
    POINT_INDEX
  }

  /// One place that was asked.
  public sealed interface Step {
    /// What the key is to this place.
    Answer answer();

    /// How long it took.
    long nanos();
  }

  /// A memtable was asked.
  ///
  /// @param isActive whether it is the one written to; if not, it waits to be flushed
  /// @param entries its keys
  public record MemtableStep(Answer answer, long nanos, boolean isActive, long entries)
      implements Step {}

  /// A table was asked.
  ///
  /// @param file its name
  /// @param level where it is
  /// @param filter what its filter or point index said
  /// @param filterNanos how long that took
  /// @param blocks data blocks that were looked into; none if the filter or the index of blocks
  ///   knew better
  /// @param isRow whether the row cache answered: the block of the key was not in memory, and was
  ///   not needed
  public record TableStep(
      Answer answer,
      long nanos,
      String file,
      int level,
      Filter filter,
      long filterNanos,
      List<BlockRead> blocks,
      boolean isRow)
      implements Step {
    public TableStep {
      blocks = List.copyOf(blocks);
    }
  }

  /// A data block was looked into.
  ///
  /// @param offset where it is in the file
  /// @param storedBytes its size there
  /// @param bytes its size in memory, decompressed
  /// @param isCached whether it was in the cache
  /// @param loadNanos how long it took to find it there, or to read, verify and decompress it
  /// @param searchNanos how long it took to search it
  public record BlockRead(
      long offset,
      int storedBytes,
      int bytes,
      boolean isCached,
      long loadNanos,
      long searchNanos) {}

  public Explanation {
    steps = List.copyOf(steps);
  }

  /// All of it to be read by people, a line for each step and each block.
  public String text() {
    var text = new StringBuilder();
    text.append(answer).append(", sequence ").append(sequence).append(": ").append(micros(nanos));
    for (Step step : steps) {
      switch (step) {
        case MemtableStep memtable -> append(memtable, text);
        case TableStep table -> append(table, text);
      }
    }
    return text.append('\n').toString();
  }

  private static void append(MemtableStep memtable, StringBuilder text) {
    text.append("\n  ").append(memtable.isActive() ? "active" : "sealed");
    text.append(" memtable of ").append(memtable.entries()).append(" keys: ");
    text.append(memtable.answer()).append(", ").append(micros(memtable.nanos()));
  }

  private static void append(TableStep table, StringBuilder text) {
    text.append("\n  ").append(table.file()).append(" of level ").append(table.level());
    text.append(": ").append(table.answer()).append(", ").append(micros(table.nanos()));
    text.append("\n    filter ").append(table.filter());
    text.append(": ").append(micros(table.filterNanos()));
    for (BlockRead block : table.blocks()) {
      text.append("\n    block @").append(block.offset()).append(", ");
      text.append(block.storedBytes()).append(" bytes, ").append(block.bytes()).append(" decoded");
      text.append(block.isCached() ? ": cached, found in " : ": read in ");
      text.append(micros(block.loadNanos()));
      text.append(", searched in ").append(micros(block.searchNanos()));
    }
    if (table.isRow()) {
      text.append("\n    row: cached");
    }
  }

  private static String micros(long nanos) {
    return String.format(Locale.ROOT, "%.1f µs", nanos / 1e3);
  }
}
