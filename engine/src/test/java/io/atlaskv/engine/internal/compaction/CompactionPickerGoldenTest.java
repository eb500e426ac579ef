package io.atlaskv.engine.internal.compaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.CompactionStyle;
import io.atlaskv.engine.internal.base.RangeTombstone;
import io.atlaskv.engine.internal.base.RangeTombstones;
import io.atlaskv.engine.internal.manifest.Levels;
import io.atlaskv.engine.internal.manifest.TableMeta;
import io.atlaskv.engine.internal.manifest.TableTimes;
import io.atlaskv.engine.internal.manifest.VersionEdit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Runs the scripts in `golden/compaction`: command, `----`, expected answer, blank line.
///
/// ```
/// define [base=64MB] [snapshots=5,9] [history=7] tables of each level, one level a line;
///        [style=tiered:4:1MB:0MB:60s]    runs of like size: tables, smallest, largest size, age
///        [style=windowed:60s] [older]    windows of time; the shared tree may have older entries
/// L0 a-m:10KB#5 ...                      range : size # sequences (or first..last), then any of
///                                        =500 entries (else 100),
///                                        !30% point tombstones, ~30% shadowed entries,
///                                        [c-f@9 a range tombstone, ( largest key exclusive, * busy
///                                        t5 (or t3..5) flushed at these seconds,
///                                        x90:7..9 entries that expire: %, when, in seconds
/// now 100                                sets the time, in seconds
/// cursor L5 m                            moves a level's cursor
/// pick [idle] [read] | full                     picks; a table is shown by its range
/// held                                   from where on all snapshots must see for another look
/// reads                                  after how many reads level 0 is worth merging
/// run [idle] [held] | full               picks until nothing is left, and plays each: inputs
///                                        become one table of their bytes, without garbage, or
///                                        with all of it
/// ```
///
/// `-Datlaskv.golden.rewrite=true` writes the answers into the files instead of comparing.
class CompactionPickerGoldenTest {
  private static final Path FILES = Path.of("src/test/resources/golden/compaction");
  private static final String SEPARATOR = "----";

  private Levels levels = Levels.EMPTY;
  private CompactionOptions options = CompactionOptions.DEFAULT;
  private List<Long> snapshots = List.of();
  private long historyFrom = Snapshots.NO_HISTORY;
  private final Set<Long> busy = new HashSet<>();
  private final Map<Long, RangeTombstones> tombstones = new HashMap<>();
  private CompactionStyle style = CompactionStyle.LEVELED;
  private boolean hasOlder;
  private long nowMillis;
  private long nextNumber = 1;

  @Test
  void oversizedLevels() throws IOException {
    play("oversized-levels.txt");
  }

  @Test
  void garbage() throws IOException {
    play("garbage.txt");
  }

  @Test
  void droppedTables() throws IOException {
    play("dropped-tables.txt");
  }

  @Test
  void busyTables() throws IOException {
    play("busy-tables.txt");
  }

  @Test
  void fullCompaction() throws IOException {
    play("full-compaction.txt");
  }

  @Test
  void sizeTiered() throws IOException {
    play("size-tiered.txt");
  }

  @Test
  void timeWindowed() throws IOException {
    play("time-windowed.txt");
  }

  private void play(String file) throws IOException {
    var answered = new StringBuilder();
    int commands = 0;
    String text = Files.readString(FILES.resolve(file));
    for (String block : text.split("\n\n+", -1)) {
      if (block.isBlank()) {
        continue;
      }
      if (block.startsWith("#")) {
        answered.append(block.strip()).append("\n\n");
        continue;
      }
      String command =
          block.contains(SEPARATOR) ? block.substring(0, block.indexOf(SEPARATOR)) : block;
      answered.append(command.strip()).append('\n').append(SEPARATOR).append('\n');
      answered.append(run(command.strip())).append("\n\n");
      commands++;
    }
    assertFalse(commands == 0, "no commands in " + file);
    String result = answered.toString().strip() + "\n";
    if (Boolean.getBoolean("atlaskv.golden.rewrite")) {
      Files.writeString(FILES.resolve(file), result);
    } else {
      assertEquals(text, result, "rewrite: -Datlaskv.golden.rewrite=true");
    }
  }

  private String run(String command) {
    List<String> lines = command.lines().toList();
    List<String> words = List.of(lines.getFirst().split(" ", -1));
    return switch (words.getFirst()) {
      case "define" -> define(words, lines.subList(1, lines.size()));
      case "now" -> {
        nowMillis = 1_000 * Long.parseLong(words.get(1));
        yield "ok";
      }
      case "cursor" -> cursor(Integer.parseInt(words.get(1).substring(1)), words.get(2));
      case "pick" -> describe(pick(words));
      case "held" -> held();
      case "reads" -> reads();
      case "run" -> runAll(words);
      default -> throw new IllegalArgumentException(command);
    };
  }

  private String define(List<String> words, List<String> lines) {
    levels = Levels.EMPTY;
    options = CompactionOptions.DEFAULT;
    snapshots = List.of();
    historyFrom = Snapshots.NO_HISTORY;
    style = CompactionStyle.LEVELED;
    hasOlder = false;
    busy.clear();
    tombstones.clear();
    for (String word : words.subList(1, words.size())) {
      String value = word.substring(word.indexOf('=') + 1);
      if (word.startsWith("base=")) {
        options = options.withBaseLevelBytes(bytes(value));
      } else if (word.startsWith("style=")) {
        style = style(List.of(value.split(":", -1)));
      } else if (word.startsWith("history=")) {
        historyFrom = Long.parseLong(value);
      } else if (word.equals("older")) {
        hasOlder = true;
      } else {
        snapshots = List.of(value.split(",", -1)).stream().map(Long::valueOf).toList();
      }
    }
    var edit = VersionEdit.builder();
    for (String line : lines) {
      List<String> tables = List.of(line.split(" +", -1));
      int level = Integer.parseInt(tables.getFirst().substring(1));
      for (String table : tables.subList(1, tables.size())) {
        edit.add(level, table(table));
      }
    }
    levels = levels.apply(edit.build());
    return "ok";
  }

  private static CompactionStyle style(List<String> parts) {
    return switch (parts.getFirst()) {
      case "tiered" ->
          new CompactionStyle.SizeTiered(
              Integer.parseInt(parts.get(1)),
              bytes(parts.get(2)),
              bytes(parts.get(3)),
              seconds(parts.get(4)));
      case "windowed" -> CompactionStyle.timeWindowed(seconds(parts.get(1)));
      default -> throw new IllegalArgumentException(parts.toString());
    };
  }

  private static Duration seconds(String text) {
    return Duration.ofSeconds(Long.parseLong(text.replace("s", "")));
  }

  private static long millis(String seconds) {
    return 1_000 * Long.parseLong(seconds);
  }

  private TableMeta table(String text) {
    long number = nextNumber++;
    var parts = new ArrayList<>(List.of(text.split("(?=[=#!~\\[(*]|[tx][0-9])", -1)));
    String head = parts.removeFirst();
    String keys = head.substring(0, head.indexOf(':'));
    long size = bytes(head.substring(head.indexOf(':') + 1));
    long first = number;
    long last = number;
    long entries = 100;
    long deletions = 0;
    long shadowed = 0;
    boolean isExclusive = false;
    var times = TableTimes.UNKNOWN;
    var ranges = new ArrayList<RangeTombstone>();
    for (String part : parts) {
      String value = part.substring(1);
      switch (part.charAt(0)) {
        case '#' -> {
          List<String> bounds = List.of(value.split("\\.\\.", -1));
          first = Long.parseLong(bounds.getFirst());
          last = Long.parseLong(bounds.getLast());
        }
        case '=' -> entries = Long.parseLong(value);
        case '!' -> deletions = entries * Long.parseLong(value.replace("%", "")) / 100;
        case '~' -> shadowed = entries * Long.parseLong(value.replace("%", "")) / 100;
        case '(' -> isExclusive = true;
        case 't' -> {
          List<String> bounds = List.of(value.split("\\.\\.", -1));
          times = new TableTimes(millis(bounds.getFirst()), millis(bounds.getLast()), 0, 0, 0);
        }
        case 'x' -> {
          List<String> expiry = List.of(value.split("[:.]+", -1));
          times =
              times.withExpiry(
                  entries * Long.parseLong(expiry.getFirst()) / 100,
                  millis(expiry.get(1)),
                  millis(expiry.getLast()));
        }
        case '*' -> busy.add(number);
        default -> {
          int dash = value.indexOf('-');
          int at = value.indexOf('@');
          ranges.add(
              new RangeTombstone(
                  Bytes.ofUtf8(value.substring(0, dash)),
                  Bytes.ofUtf8(value.substring(dash + 1, at)),
                  Long.parseLong(value.substring(at + 1))));
        }
      }
    }
    tombstones.put(number, RangeTombstones.ofList(ranges));
    int dash = keys.indexOf('-');
    return new TableMeta(
        number,
        size,
        Bytes.ofUtf8(keys.substring(0, dash)),
        Bytes.ofUtf8(keys.substring(dash + 1)),
        isExclusive,
        first,
        last,
        entries,
        deletions,
        shadowed,
        ranges.size(),
        times);
  }

  private static long bytes(String text) {
    long number = Long.parseLong(text.replaceAll("[A-Z]", ""));
    return switch (text.replaceAll("[0-9]", "")) {
      case "KB" -> number << 10;
      case "MB" -> number << 20;
      case "GB" -> number << 30;
      default -> throw new IllegalArgumentException(text);
    };
  }

  private String cursor(int level, String key) {
    levels = levels.apply(VersionEdit.builder().cursor(level, Bytes.ofUtf8(key)).build());
    return "ok";
  }

  private String reads() {
    long reads = CompactionPicker.readsWorthMerging(levels, options);
    return reads == CompactionPicker.NEVER ? "never" : Long.toString(reads);
  }

  private String held() {
    long through = HeldGarbage.heldThrough(levels, options, load(List.of()));
    return through == HeldGarbage.NONE ? "none" : Long.toString(through);
  }

  private CompactionLoad load(List<String> words) {
    return new CompactionLoad(
        busy,
        Snapshots.of(snapshots.stream().mapToLong(Long::longValue).toArray(), historyFrom),
        words.contains("idle"),
        words.contains("read"),
        hasOlder,
        nowMillis,
        table -> tombstones.getOrDefault(table.number(), RangeTombstones.EMPTY));
  }

  private @Nullable Compaction pick(List<String> words) {
    CompactionLoad load = load(words);
    return words.contains("full")
        ? TreePicker.pickFull(style, levels, null, options, load)
        : TreePicker.pick(style, levels, options, load);
  }

  private static String describe(@Nullable Compaction compaction) {
    if (compaction == null) {
      return "nothing";
    }
    String what = compaction.kind() == Compaction.Kind.MERGE ? "" : " " + compaction.kind();
    String overlap =
        compaction.overlapped().isEmpty() ? "" : " overlap=" + show(compaction.overlapped());
    return "L%d->L%d%s inputs=%s%s reason=%s"
        .formatted(
            compaction.level(),
            compaction.outputLevel(),
            what,
            show(compaction.inputs()),
            overlap,
            compaction.reason());
  }

  private static String show(List<TableMeta> tables) {
    return tables.stream()
        .map(t -> t.smallest() + "-" + t.largest() + (t.largestExclusive() ? "(" : ""))
        .collect(Collectors.joining(" ", "[", "]"));
  }

  private String runAll(List<String> words) {
    var steps = new ArrayList<String>();
    for (Compaction picked = pick(words); picked != null; picked = pick(words)) {
      steps.add(describe(picked));
      levels = levels.apply(outcome(picked, words.contains("held")));
      if (steps.size() == 100) {
        throw new IllegalStateException("no end: " + steps);
      }
    }
    return steps.isEmpty() ? "nothing" : String.join("\n", steps);
  }

  private VersionEdit outcome(Compaction picked, boolean isHeld) {
    var edit = VersionEdit.builder();
    picked.inputs().forEach(t -> edit.remove(picked.level(), t.number()));
    picked.overlapped().forEach(t -> edit.remove(picked.outputLevel(), t.number()));
    switch (picked.kind()) {
      case MOVE -> picked.inputs().forEach(t -> edit.add(picked.outputLevel(), t));
      case MERGE -> edit.add(picked.outputLevel(), isHeld ? held(picked) : merged(picked));
      case DROP -> {}
    }
    if (picked.level() > 0 && picked.level() < picked.outputLevel()) {
      edit.cursor(picked.level(), picked.inputs().getLast().largest());
    }
    return edit.build();
  }

  /// What a merge makes of its inputs, had they no key in common and no garbage.
  private TableMeta merged(Compaction compaction) {
    var range = compaction.range();
    return new TableMeta(
        nextNumber++,
        compaction.inputBytes(),
        range.smallest(),
        range.largest(),
        range.largestExclusive(),
        0,
        compaction.tables().stream().mapToLong(TableMeta::largestSequence).max().orElseThrow(),
        100,
        0,
        0,
        0,
        TableTimes.spanning(compaction.tables()));
  }

  /// What a merge makes of its inputs if nothing can be dropped.
  private TableMeta held(Compaction compaction) {
    TableMeta merged = merged(compaction);
    List<TableMeta> all = compaction.tables();
    return new TableMeta(
        merged.number(),
        merged.bytes(),
        merged.smallest(),
        merged.largest(),
        merged.largestExclusive(),
        merged.smallestSequence(),
        merged.largestSequence(),
        all.stream().mapToLong(TableMeta::entries).sum(),
        all.stream().mapToLong(TableMeta::deletions).sum(),
        all.stream().mapToLong(TableMeta::shadowed).sum(),
        0,
        merged.times());
  }
}
