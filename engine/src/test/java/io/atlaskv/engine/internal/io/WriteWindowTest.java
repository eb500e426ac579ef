package io.atlaskv.engine.internal.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class WriteWindowTest {
  private static final int FILE_BYTES = 10 << 20; // more than two windows

  @TempDir Path directory;
  private Path path;
  private WriteWindow window;

  @BeforeEach
  void open() throws IOException {
    path = directory.resolve("000001.log");
    Files.write(path, new byte[FILE_BYTES]);
    window = new WriteWindow(path, "000001.log");
  }

  @AfterEach
  void close() {
    window.close();
  }

  @Test
  void writesAcrossWindowsAreInTheFile() throws IOException {
    byte[] expected = new byte[FILE_BYTES];
    int step = 0;
    for (int at = 0; at + 1000 <= FILE_BYTES; at += 999 * 37) {
      ByteBuffer bytes = filled(1000, ++step);
      assertTrue(window.write(at, bytes));
      assertFalse(bytes.hasRemaining());
      bytes.rewind().get(expected, at, 1000);
    }
    assertArrayEquals(expected, Files.readAllBytes(path));
  }

  @Test
  void whatIsLargeOrBeyondTheFileIsLeftToTheCaller() throws IOException {
    ByteBuffer large = filled(WriteWindow.WRITE_BYTES_MAX + 1, 1);
    assertFalse(window.write(0, large));
    assertEquals(WriteWindow.WRITE_BYTES_MAX + 1, large.remaining());
    ByteBuffer beyond = filled(10, 1);
    assertFalse(window.write(FILE_BYTES - 9, beyond));
    assertEquals(10, beyond.remaining());
    assertEquals(FILE_BYTES, Files.size(path));
    assertTrue(window.write(FILE_BYTES - 10, beyond));
  }

  @Test
  void writesSoonAfterASyncAreLeftToTheCaller() {
    assertTrue(window.write(0, filled(10, 1)));
    window.synced();
    for (int i = 0; i < WriteWindow.WRITES_AFTER_SYNC; i++) {
      assertFalse(window.write(10, filled(10, 1)));
    }
    assertTrue(window.write(10, filled(10, 1)));
  }

  @Test
  void anInterruptedThreadMovesTheWindowAndStaysInterrupted() throws IOException {
    Thread.currentThread().interrupt();
    assertTrue(window.write(5 << 20, filled(3, 7)));
    assertTrue(Thread.interrupted());
    assertEquals(7, Files.readAllBytes(path)[5 << 20]);
  }

  @Test
  void aFileThatCannotBeMappedIsLeftToTheCaller() throws IOException {
    Files.delete(path);
    assertFalse(window.write(0, filled(10, 1)));
    assertFalse(window.write(0, filled(10, 1)));
  }

  /// The page is gone: the kernel sends a signal, of which the JVM makes an error, not its end.
  @Test
  void aFileCutShortByOthersIsAFailedWrite() throws IOException {
    for (int at = 0; at < 1 << 20; at += 1000) {
      assertTrue(window.write(at, filled(1000, 1)));
    }
    try (var channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.truncate(0);
    }
    var failure = assertThrows(StorageException.class, () -> window.write(8000, filled(10, 1)));
    assertEquals("000001.log: write of 10 bytes at 8000 failed", failure.getMessage());
  }

  /// To unmap takes a handshake with every thread, so it is not for the writer.
  @Test
  void whatTheWindowLeavesIsUnmappedByOthers() throws IOException {
    assertTrue(window.write(0, filled(10, 1)));
    assertTrue(window.write(5 << 20, filled(10, 2)));
    assertTrue(window.write(0, filled(10, 3)));
    assertEquals(3, mappings());
    window.unmapLeft();
    assertEquals(1, mappings());
    assertTrue(window.write(10, filled(10, 4)));
    window.close();
    assertEquals(0, mappings());
  }

  private long mappings() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
      return lines.filter(line -> line.endsWith(path.toString())).count();
    }
  }

  @Test
  void useAfterCloseIsTold() {
    assertTrue(window.write(0, filled(10, 1)));
    window.close();
    window.close();
    assertThrows(ClosedException.class, () -> window.write(0, filled(10, 1)));
  }

  private static ByteBuffer filled(int bytes, int value) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(bytes);
    while (buffer.hasRemaining()) {
      buffer.put((byte) value);
    }
    return buffer.flip();
  }
}
