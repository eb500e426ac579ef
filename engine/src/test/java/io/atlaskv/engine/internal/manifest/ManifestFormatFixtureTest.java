package io.atlaskv.engine.internal.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.internal.base.LogBoundary;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.io.FileName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// A manifest and a `CURRENT` of format version 1, byte by byte: every later release must read
/// them, and this one still writes them so. The files are never edited; a new version gets its own.
class ManifestFormatFixtureTest {
  private static final UUID STORE = new UUID(0x1122334455667788L, 0x99aabbccddeeff00L);
  private static final long NUMBER = 7;
  private static final String FOLDER = "golden/format/v1/";
  private static final int LINE_BYTES = 16;

  @Test
  void version1IsRead() throws IOException {
    var files = FaultFileSystem.create(1);
    files.put(FileName.manifest(NUMBER), resource("manifest.hex"));
    files.put(FileName.CURRENT, resource("current.hex"));
    assertEquals(new CurrentFile(STORE, NUMBER), CurrentFile.read(files));
    byte[] manifest = resource("manifest.hex");
    StoreState state = ManifestReader.read(files, NUMBER, STORE, manifest.length).state();
    assertEquals("L0=[12] L6=[10]", state.levels().toString());
    assertEquals(List.of(newTable()), state.levels().level(0));
    assertEquals(List.of(oldTable()), state.levels().level(6));
    assertEquals(Map.of(5, Bytes.ofUtf8("m")), state.levels().cursors());
    assertEquals(13, state.nextFileNumber());
    assertEquals(1_000_000, state.lastSequence());
    assertEquals(4, state.logNumber());
    assertEquals(999_999, state.flushedThrough());
    assertEquals(Map.of(new CounterId(1, 0), 42L, new CounterId(-1, 255), -42L), state.counters());
    assertEquals(List.of(new LogBoundary(5, 900_000)), state.boundaries());
  }

  @Test
  void version1IsWritten() throws IOException {
    var files = FaultFileSystem.create(1);
    var first = StoreState.EMPTY.apply(VersionEdit.builder().add(6, oldTable()).build());
    try (var writer = ManifestWriter.create(files, NUMBER, STORE, first)) {
      writer.append(
          VersionEdit.builder()
              .add(0, newTable())
              .cursor(5, Bytes.ofUtf8("m"))
              .nextFileNumber(13)
              .lastSequence(1_000_000)
              .logNumber(4)
              .flushedThrough(999_999)
              .counter(new CounterId(-1, 255), -42)
              .counter(new CounterId(1, 0), 42)
              .boundary(new LogBoundary(5, 900_000))
              .build());
    }
    var current = new CurrentFile(STORE, NUMBER);
    current.prepare(files);
    current.replace(files);
    check("manifest.hex", files.contents(FileName.manifest(NUMBER)));
    check("current.hex", files.contents(FileName.CURRENT));
  }

  private static TableMeta oldTable() {
    return new TableMeta(
        10, 16 << 20, Bytes.ofUtf8("a"), Bytes.ofUtf8("z"), true, 0, 500, 140_000, 3, 2, 1);
  }

  private static TableMeta newTable() {
    return new TableMeta(
        12, 4096, Bytes.EMPTY, Bytes.ofUtf8("key"), false, 900_001, 999_999, 100, 100, 0, 0);
  }

  private static void check(String name, byte[] written) throws IOException {
    if (Boolean.getBoolean("atlaskv.golden.rewrite")) {
      Files.writeString(Path.of("src/test/resources", FOLDER, name), dump(written));
    } else {
      assertEquals(dump(resource(name)), dump(written));
    }
  }

  private static String dump(byte[] bytes) {
    var text = new StringBuilder();
    for (int at = 0; at < bytes.length; at += LINE_BYTES) {
      int end = Math.min(bytes.length, at + LINE_BYTES);
      text.append("%04x: ".formatted(at));
      text.append(HexFormat.ofDelimiter(" ").formatHex(bytes, at, end)).append('\n');
    }
    return text.toString();
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream input =
        Objects.requireNonNull(
            ManifestFormatFixtureTest.class.getClassLoader().getResourceAsStream(FOLDER + name))) {
      var hex = new StringBuilder();
      new String(input.readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .forEach(line -> hex.append(line.substring(line.indexOf(':') + 1).replace(" ", "")));
      return HexFormat.of().parseHex(hex);
    }
  }
}
