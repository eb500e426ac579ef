package io.atlaskv.engine.internal.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.engine.api.CompactionStyle;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.NamespaceOptions;
import io.atlaskv.engine.internal.base.FieldReader;
import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.engine.internal.io.FileName;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What docs/internals/formats.md says of names and rows is what the code writes.
class FormatsDocsTest {
  private static final Path PAGE = Path.of("../docs/internals/formats.md");
  private static final Pattern SLOTS = Pattern.compile("0 `h` slot \\([^)]* 0 to (\\d+)\\)");
  private static final Pattern FIELD =
      Pattern.compile("^\\| (\\d+) \\|.*\\| (yes|no) \\|$", Pattern.MULTILINE);

  private String page;

  @BeforeEach
  void read() throws IOException {
    page = Files.readString(PAGE);
  }

  @Test
  void slotsOfTheHistory() {
    var slots = SLOTS.matcher(page);
    assertThat(slots.find()).isTrue();
    assertThat(Integer.parseInt(slots.group(1))).isEqualTo(HistoryTimes.SLOTS - 1);
  }

  @Test
  void namesOfFiles() {
    assertThat(FileName.Kind.values())
        .allSatisfy(kind -> assertThat(page).contains("`" + new FileName(kind, 12).text() + "`"));
  }

  /// A field for each option, with its number and whether it may be ignored.
  @Test
  void fieldsOfANamespace() throws ReflectiveOperationException {
    NamespaceOptions options =
        NamespaceOptions.DEFAULT
            .withCompaction(CompactionStyle.SIZE_TIERED)
            .withQuotaBytes(1)
            .withQuotaEntries(2)
            .withDurability(Durability.ALWAYS)
            .withIoShares(3)
            .withPrefixBytes(4);
    for (RecordComponent option : NamespaceOptions.class.getRecordComponents()) {
      assertThat(option.getAccessor().invoke(options))
          .as(option.getName())
          .isNotEqualTo(option.getAccessor().invoke(NamespaceOptions.DEFAULT));
    }
    String table = page.substring(page.indexOf("**Fields of a namespace**"));
    Map<Integer, Boolean> told =
        FIELD
            .matcher(table.substring(0, table.indexOf("\n## ")))
            .results()
            .collect(
                Collectors.toMap(
                    row -> Integer.valueOf(row.group(1)), row -> row.group(2).equals("yes")));
    assertThat(fields(new NamespaceRow(1, options).encode())).isEqualTo(told);
  }

  private static Map<Integer, Boolean> fields(byte[] row) {
    var fields = new TreeMap<Integer, Boolean>();
    try (var copy = new NativeBuffer(row.length, row.length)) {
      copy.put(row, 0, row.length);
      var reader = new FieldReader("row", copy.segment(), Integer.BYTES + 1, row.length);
      while (!reader.isAtEnd()) {
        int tag = Math.toIntExact(reader.number());
        fields.put(tag >>> 1, (tag & FieldReader.IGNORABLE) != 0);
        reader.key(); // length and content
      }
    }
    return fields;
  }
}
