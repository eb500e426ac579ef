package io.atlaskv.bench;

import java.util.ArrayList;
import java.util.List;

/// A table that reads well as plain text and as Markdown.
public final class MarkdownTable {
  private final List<List<String>> rows = new ArrayList<>();

  public MarkdownTable(String... header) {
    rows.add(List.of(header));
  }

  public void add(String... cells) {
    if (cells.length != rows.getFirst().size()) {
      throw new IllegalArgumentException(
          "cells=" + cells.length + ", but columns=" + rows.getFirst().size());
    }
    rows.add(List.of(cells));
  }

  public List<String> lines() {
    int[] widths = new int[rows.getFirst().size()];
    for (var row : rows) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    var lines = new ArrayList<String>();
    for (var row : rows) {
      lines.add(line(row, widths));
      if (lines.size() == 1) {
        lines.add(line(row.stream().map(_ -> "---").toList(), new int[widths.length]));
      }
    }
    return lines;
  }

  private static String line(List<String> row, int[] widths) {
    var line = new StringBuilder("|");
    for (int column = 0; column < widths.length; column++) {
      var cell = row.get(column);
      line.append(' ')
          .append(cell)
          .repeat(' ', Math.max(0, widths[column] - cell.length()))
          .append(" |");
    }
    return line.toString();
  }
}
