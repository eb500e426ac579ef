package io.atlaskv.cli.tools;

import io.atlaskv.cli.client.Arguments;
import io.atlaskv.cli.client.Flag;
import io.atlaskv.cli.client.Json;
import io.atlaskv.cli.client.MisuseException;
import io.atlaskv.cli.client.Terminal;
import io.atlaskv.engine.StoreTools;
import io.atlaskv.engine.api.tools.LogVisitor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// `atlaskv inspect wal DIR|FILE`.
final class InspectWalTool extends Tool {
  private static final String OPERATIONS = "--operations";

  InspectWalTool() {
    super(
        "inspect wal",
        "DIR|FILE",
        "Prints the groups of log segments; FILE may belong to a running server.");
  }

  @Override
  List<Flag> flags() {
    return List.of(Flag.bare(OPERATIONS, "with the keys of all operations"));
  }

  @Override
  int run(Arguments arguments, Terminal terminal) throws MisuseException {
    Path path = path(arguments);
    var report = new Report(arguments, terminal);
    boolean wantsOperations = arguments.has(OPERATIONS);
    var visitor =
        report.isJson() ? new AsJson(report, wantsOperations) : new AsText(report, wantsOperations);
    if (Files.isDirectory(path)) {
      StoreTools.log(path, visitor);
    } else {
      StoreTools.logSegment(path, visitor);
    }
    return visitor.isDamaged ? ToolMain.EXIT_DAMAGED : ToolMain.EXIT_SOUND;
  }

  /// Whether there is damage with intact groups behind it: what no end of a log is.
  private abstract static class Printer implements LogVisitor {
    final Report report;
    private final boolean wantsOperations;
    boolean isDamaged;

    Printer(Report report, boolean wantsOperations) {
      this.report = report;
      this.wantsOperations = wantsOperations;
    }

    @Override
    public boolean wantsOperations() {
      return wantsOperations;
    }

    void note(Gap gap) {
      isDamaged |= gap.nextOffset() >= 0;
    }
  }

  private static final class AsText extends Printer {
    AsText(Report report, boolean wantsOperations) {
      super(report, wantsOperations);
    }

    @Override
    public void segment(Segment segment) {
      report.line(
          segment.file()
              + ": "
              + Report.count(segment.bytes(), "byte")
              + ", store "
              + segment.storeUuid()
              + (segment.damage().isEmpty() ? "" : ", header damaged: " + segment.damage()));
    }

    @Override
    public void group(Group group) {
      boolean isEmpty = group.lastSequence() < group.firstSequence();
      String sequences =
          isEmpty
              ? "next sequence " + group.firstSequence()
              : "sequences " + Report.range(group.firstSequence(), group.lastSequence());
      String batches = group.kind() == GroupKind.BATCHES ? ", " + batches(group.batches()) : "";
      report.line(
          "  @"
              + group.offset()
              + " "
              + name(group.kind())
              + ": "
              + sequences
              + batches
              + ", "
              + Report.count(group.bytes(), "byte")
              + ", durable through "
              + group.durableThrough()
              + ", "
              + Report.time(group.timeMillis()));
    }

    private static String batches(int count) {
      return count == 1 ? "1 batch" : count + " batches";
    }

    @Override
    public void operation(Operation operation) {
      if (!operation.counter().isEmpty()) {
        report.line("    " + operation.kind() + " " + operation.counter());
        return;
      }
      boolean isRange = operation.kind().equals("RANGE_DELETE");
      boolean isPut = operation.kind().startsWith("PUT");
      report.line(
          "    "
              + operation.sequence()
              + " "
              + operation.kind()
              + " "
              + Report.key(operation.key())
              + (isRange ? " up to " + Report.key(operation.value()) : "")
              + (isPut ? ", " + Report.count(operation.value().length(), "byte") : "")
              + (operation.expiresAtMillis() < 0
                  ? ""
                  : ", until " + Report.time(operation.expiresAtMillis())));
    }

    @Override
    public void gap(Gap gap) {
      note(gap);
      String what = gap.isDamaged() ? " damaged: " : " no group: ";
      String next =
          gap.nextOffset() < 0 ? "; none behind it" : "; the next one is at " + gap.nextOffset();
      report.line("  @" + gap.offset() + what + gap.detail() + next);
    }
  }

  private static String name(LogVisitor.GroupKind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private static final class AsJson extends Printer {
    AsJson(Report report, boolean wantsOperations) {
      super(report, wantsOperations);
    }

    @Override
    public void segment(Segment segment) {
      Json json =
          Json.object()
              .field("type", "segment")
              .field("file", segment.file())
              .field("store", segment.storeUuid().toString())
              .field("bytes", segment.bytes());
      report.line(segment.damage().isEmpty() ? json : json.field("damage", segment.damage()));
    }

    @Override
    public void group(Group group) {
      report.line(
          Json.object()
              .field("type", "group")
              .field("file", group.file())
              .field("offset", group.offset())
              .field("bytes", group.bytes())
              .field("kind", name(group.kind()))
              .field("batches", group.batches())
              .field("firstSequence", group.firstSequence())
              .field("lastSequence", group.lastSequence())
              .field("durableThrough", group.durableThrough())
              .field("timeMillis", group.timeMillis()));
    }

    @Override
    public void operation(Operation operation) {
      Json json = Json.object().field("type", "operation").field("kind", operation.kind());
      if (!operation.counter().isEmpty()) {
        report.line(json.field("counter", operation.counter()));
        return;
      }
      json.field("sequence", operation.sequence());
      switch (operation.kind()) {
        case "RANGE_DELETE" -> {
          Report.key(json, "start", operation.key());
          Report.key(json, "end", operation.value());
        }
        case "PUT" ->
            Report.key(json, "key", operation.key())
                .field("valueBytes", operation.value().length());
        case "PUT_EXPIRING" ->
            Report.key(json, "key", operation.key())
                .field("valueBytes", operation.value().length())
                .field("expiresAtMillis", operation.expiresAtMillis());
        default -> Report.key(json, "key", operation.key());
      }
      report.line(json);
    }

    @Override
    public void gap(Gap gap) {
      note(gap);
      Json json =
          Json.object()
              .field("type", gap.isDamaged() ? "damage" : "end")
              .field("file", gap.file())
              .field("offset", gap.offset())
              .field("detail", gap.detail());
      report.line(gap.nextOffset() < 0 ? json : json.field("nextOffset", gap.nextOffset()));
    }
  }
}
