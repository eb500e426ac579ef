package io.atlaskv.engine.internal.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.atlaskv.engine.internal.io.FileName.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileNameTest {
  @Test
  void namesHaveSixDigitsOrMore() {
    assertEquals("000012.sst", FileName.table(12));
    assertEquals("000012.log", FileName.log(12));
    assertEquals("000012.tmp", FileName.temporary(12));
    assertEquals("MANIFEST-000012", FileName.manifest(12));
    assertEquals("1234567.sst", FileName.table(1_234_567));
    assertThrows(IllegalArgumentException.class, () -> FileName.table(-1));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 999_999, 1_000_000, 999_999_999_999_999_999L})
  void everyNameIsReadBack(long number) {
    for (Kind kind : Kind.values()) {
      boolean isNumbered =
          switch (kind) {
            case CURRENT, COMMITTED, BACKUP, LOCK -> false;
            case TABLE, LOG, TEMPORARY, MANIFEST -> true;
          };
      var name = new FileName(kind, isNumbered ? number : 0);
      assertEquals(name, FileName.parse(name.text()));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        ".sst",
        "12.sst",
        "0000012.sst",
        "00001a.sst",
        "-00012.sst",
        "000012.SST",
        "000012.sst.tmp",
        "000012",
        "MANIFEST-",
        "MANIFEST-12",
        "manifest-000012",
        "CURRENT.tmp",
        "current",
        "lock",
        "9999999999999999999.log",
        "\u0661\u0662\u0663\u0664\u0665\u0666.sst"
      })
  void otherNamesAreNotOurs(String name) {
    assertNull(FileName.parse(name));
  }
}
