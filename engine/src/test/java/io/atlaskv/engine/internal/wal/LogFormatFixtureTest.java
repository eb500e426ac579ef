package io.atlaskv.engine.internal.wal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlaskv.engine.api.RecoveryMode;
import io.atlaskv.engine.internal.base.BatchBuilder;
import io.atlaskv.engine.internal.base.BatchReader;
import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.ValueKind;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.io.SimPorts;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// A segment of format version 1, byte by byte. The fixture is never edited: every later release
/// reads it. It is a hex dump of all that is not zero.
class LogFormatFixtureTest {
  private static final String FIXTURE = "/golden/format/v1/log-segment.hex";
  private static final String NAME = "000001.log";
  private static final int LINE_BYTES = 16;

  private static final List<String> HISTORY =
      List.of(
          "1 PUT apple=red",
          "2 DELETE banana",
          "3 COUNTER 7/1 -2",
          "3 RANGE_DELETE c..d",
          "4 PUT =");

  @Test
  void versionOneIsReadable() {
    FaultFileSystem files = FaultFileSystem.create(0);
    files.put(NAME, fixture());
    assertEquals(HISTORY, read(files));
  }

  @Test
  void versionOneIsWhatIsWritten() {
    SimPorts world = SimPorts.create(0);
    RecoveredLog none = WalRecovery.none(world.files());
    var wal = new Wal(world.ports(), LogFixture.SMALL, LogFixture.STORE, none, () -> {});
    try (var batch = new BatchBuilder()) {
      batch.put(bytes("apple"), 0, 5, bytes("red"), 0, 3);
      batch.delete(bytes("banana"), 0, 6);
      wal.append(1, 2, batch.finish(), batch.length());
      batch.clear();
      batch.count(7, 1, -2);
      batch.deleteRange(bytes("c"), 0, 1, bytes("d"), 0, 1);
      wal.append(3, 1, batch.finish(), batch.length());
      wal.write();
      wal.sync();
      batch.clear();
      batch.put(bytes(""), 0, 0, bytes(""), 0, 0);
      wal.append(4, 1, batch.finish(), batch.length());
    }
    wal.close();
    byte[] found = world.files().contents(NAME);
    assertEquals(HISTORY, read(world.files()));
    assertArrayEquals(fixture(), found, () -> "found:\n" + dump(found));
  }

  private static List<String> read(FaultFileSystem files) {
    var history = new ArrayList<String>();
    var request = new RecoveryRequest(LogFixture.STORE, 1, 0, List.of(), RecoveryMode.STRICT);
    RecoveredLog recovered =
        WalRecovery.recover(
            SimPorts.on(files, 0).ports(),
            request,
            (sequence, time, bytes, offset, length) ->
                describe(sequence, bytes, offset, length, history));
    assertEquals(4, recovered.lastSequence());
    assertEquals(true, recovered.isSealed());
    return history;
  }

  private static void describe(
      long firstSequence, MemorySegment bytes, long offset, long length, List<String> history) {
    var reader = new BatchReader();
    reader.reset(bytes, offset, length);
    reader.verifyChecksum();
    long sequence = firstSequence;
    while (reader.next()) {
      String what = sequence + " " + ValueKind.nameOf(reader.kind()) + " ";
      if (reader.kind() == ValueKind.COUNTER) {
        history.add(
            what
                + reader.counterNamespace()
                + "/"
                + reader.counterId()
                + " "
                + reader.counterDelta());
        continue;
      }
      String key = text(bytes, reader.keyOffset(), reader.keyLength());
      String value = text(bytes, reader.valueOffset(), reader.valueLength());
      history.add(
          switch (reader.kind()) {
            case ValueKind.PUT -> what + key + "=" + value;
            case ValueKind.DELETE -> what + key;
            default -> what + key + ".." + value;
          });
      sequence++;
    }
  }

  private static String text(MemorySegment bytes, long offset, int length) {
    return new String(bytes.asSlice(offset, length).toArray(Layouts.BYTE), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// Lines of `offset: bytes`; all else is zero.
  private static byte[] fixture() {
    byte[] segment = new byte[4096];
    try (InputStream stream =
        Objects.requireNonNull(LogFormatFixtureTest.class.getResourceAsStream(FIXTURE))) {
      String text = new String(stream.readAllBytes(), StandardCharsets.US_ASCII);
      for (String line : text.lines().toList()) {
        int offset = Integer.parseInt(line.substring(0, 4), LINE_BYTES);
        byte[] bytes = HexFormat.ofDelimiter(" ").parseHex(line.substring(6));
        System.arraycopy(bytes, 0, segment, offset, bytes.length);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return segment;
  }

  private static String dump(byte[] segment) {
    var lines = new StringBuilder();
    for (int at = 0; at < segment.length; at += LINE_BYTES) {
      byte[] line = Arrays.copyOfRange(segment, at, at + LINE_BYTES);
      if (!Arrays.equals(line, new byte[LINE_BYTES])) {
        lines.append(HexFormat.of().toHexDigits((short) at)).append(": ");
        lines.append(HexFormat.ofDelimiter(" ").formatHex(line)).append('\n');
      }
    }
    return lines.toString();
  }
}
