package io.atlaskv.bench.compaction;

import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.internal.base.FieldReader;
import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.engine.internal.base.Varint;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/// The file of a [Recording], version 1. Numbers of the header are little-endian, those of the body
/// varints as in the store's files; `±` is zigzag.
///
/// ```
/// offset  size  header
///      0     8  magic "ATLASREC"
///      8     4  version
///     12     4  CRC32C of all that follows
///     16     4  bytes of the body before compression
///     20        the body, deflated (RFC 1950)
///
/// body      = text title, number of namespaces, text name*, keys, number of operations, operation*
/// text      = bytes, UTF-8
/// operation = kind | 8 if it expires, milliseconds since the one before ±, namespace,
///             key less that of the one before ±, then by kind:
///             PUT 0: bytes of key, of value, [if it expires: milliseconds from its time to then ±]
///             DELETE 1, GET 3, SEEK 4: bytes of key
///             DELETE_RANGE 2: keys in the range
/// ```
final class RecordingFile {
  private static final byte[] MAGIC = "ATLASREC".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;
  private static final int CRC_OFFSET = 12;
  private static final int BODY_BYTES_OFFSET = 16;
  private static final int HEADER_BYTES = 20;
  private static final int EXPIRES = 8;

  private RecordingFile() {}

  static void write(Path file, Recording recording) throws IOException {
    Files.write(file, encode(recording));
  }

  /// @throws CorruptionException if it is no recording, or damaged
  static Recording read(Path file) throws IOException {
    return decode(String.valueOf(file.getFileName()), Files.readAllBytes(file));
  }

  static byte[] encode(Recording recording) {
    try (var body = new NativeBuffer(1 << 16, NativeBuffer.LIMIT_MAX)) {
      putText(body, recording.title());
      body.putVarint(recording.namespaces().size());
      recording.namespaces().forEach(name -> putText(body, name));
      body.putVarint(recording.keys());
      body.putVarint(recording.operations().size());
      long lastMillis = 0;
      int lastKey = 0;
      for (Operation operation : recording.operations()) {
        put(body, operation, lastMillis, lastKey);
        lastMillis = operation.atMillis();
        lastKey = operation.key();
      }
      return framed(body);
    }
  }

  private static void put(NativeBuffer body, Operation operation, long lastMillis, int lastKey) {
    boolean expires = operation.expiresAtMillis() != Operation.NEVER;
    body.putVarint(operation.kind().code() | (expires ? EXPIRES : 0));
    body.putVarint(Varint.zigzag(operation.atMillis() - lastMillis));
    body.putVarint(operation.namespace());
    body.putVarint(Varint.zigzag((long) operation.key() - lastKey));
    switch (operation.kind()) {
      case PUT -> {
        body.putVarint(operation.keyBytes());
        body.putVarint(operation.valueBytes());
        if (expires) {
          body.putVarint(Varint.zigzag(operation.expiresAtMillis() - operation.atMillis()));
        }
      }
      case DELETE, GET, SEEK -> body.putVarint(operation.keyBytes());
      case DELETE_RANGE -> body.putVarint(operation.end() - operation.key());
    }
  }

  private static void putText(NativeBuffer body, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    body.putVarint(bytes.length);
    body.put(bytes, 0, bytes.length);
  }

  private static byte[] framed(NativeBuffer body) {
    try (var deflater = new Deflater(Deflater.BEST_COMPRESSION)) {
      deflater.setInput(body.view());
      deflater.finish();
      byte[] file = new byte[HEADER_BYTES + (1 << 12)];
      int length = HEADER_BYTES;
      while (!deflater.finished()) {
        if (length == file.length) {
          file = Arrays.copyOf(file, 2 * length);
        }
        length += deflater.deflate(file, length, file.length - length);
      }
      file = Arrays.copyOf(file, length);
      ByteBuffer header = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
      header.put(MAGIC).putInt(VERSION).putInt(BODY_BYTES_OFFSET, body.length());
      header.putInt(CRC_OFFSET, checksum(file));
      return file;
    }
  }

  private static int checksum(byte[] file) {
    var crc = new CRC32C();
    crc.update(file, BODY_BYTES_OFFSET, file.length - BODY_BYTES_OFFSET);
    return (int) crc.getValue();
  }

  /// @param name of the file, for errors
  static Recording decode(String name, byte[] file) {
    if (file.length < HEADER_BYTES || !Arrays.equals(MAGIC, Arrays.copyOf(file, MAGIC.length))) {
      throw new CorruptionException(name, 0, "no recording of a workload");
    }
    ByteBuffer header = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int version = header.getInt(MAGIC.length);
    if (version != VERSION) {
      throw new CorruptionException(
          name, MAGIC.length, "version " + version + ", expected " + VERSION);
    }
    int expected = header.getInt(CRC_OFFSET);
    int found = checksum(file);
    if (found != expected) {
      throw CorruptionException.checksum(name, CRC_OFFSET, expected, found);
    }
    byte[] body = inflated(name, file, header.getInt(BODY_BYTES_OFFSET));
    try (var buffer = new NativeBuffer(Math.max(1, body.length), NativeBuffer.LIMIT_MAX)) {
      buffer.put(body, 0, body.length);
      return recording(new Body(name, buffer.segment(), body.length));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new CorruptionException(name, HEADER_BYTES, String.valueOf(e.getMessage()), e);
    }
  }

  private static byte[] inflated(String name, byte[] file, int length) {
    byte[] body = new byte[length];
    try (var inflater = new Inflater()) {
      inflater.setInput(file, HEADER_BYTES, file.length - HEADER_BYTES);
      int done = 0;
      while (done < length && !inflater.finished() && !inflater.needsInput()) {
        done += inflater.inflate(body, done, length - done);
      }
      if (done < length) {
        throw new CorruptionException(
            name, HEADER_BYTES, "expected " + length + " bytes, found " + done);
      }
      return body;
    } catch (DataFormatException e) {
      throw new CorruptionException(name, HEADER_BYTES, String.valueOf(e.getMessage()), e);
    }
  }

  private static Recording recording(Body body) {
    String title = body.text();
    int names = body.count();
    var namespaces = new ArrayList<String>();
    for (int i = 0; i < names; i++) {
      namespaces.add(body.text());
    }
    int keys = body.count();
    int count = body.count();
    List<Operation> operations = new ArrayList<>();
    long millis = 0;
    int key = 0;
    for (int i = 0; i < count; i++) {
      Operation operation = operation(body, millis, key);
      operations.add(operation);
      millis = operation.atMillis();
      key = operation.key();
    }
    return new Recording(title, namespaces, keys, operations);
  }

  private static Operation operation(Body body, long lastMillis, int lastKey) {
    int tag = body.count();
    Operation.Kind kind = Operation.Kind.of(tag & (EXPIRES - 1));
    long at = lastMillis + body.difference();
    int namespace = body.count();
    int key = Math.toIntExact(lastKey + body.difference());
    int end = 0;
    int keyBytes = 0;
    int valueBytes = 0;
    long expiresAt = Operation.NEVER;
    switch (kind) {
      case PUT -> {
        keyBytes = body.count();
        valueBytes = body.count();
        if ((tag & EXPIRES) != 0) {
          expiresAt = at + body.difference();
        }
      }
      case DELETE, GET, SEEK -> keyBytes = body.count();
      case DELETE_RANGE -> end = key + body.count();
    }
    return new Operation(kind, at, namespace, key, end, keyBytes, valueBytes, expiresAt);
  }

  /// The parts of a body, one after the other.
  private static final class Body {
    private final FieldReader reader;

    Body(String name, MemorySegment bytes, int length) {
      reader = new FieldReader(name, bytes, 0, length);
    }

    int count() {
      return Math.toIntExact(reader.number());
    }

    long difference() {
      return Varint.unzigzag(reader.anyNumber());
    }

    String text() {
      return new String(reader.key().toArray(), StandardCharsets.UTF_8);
    }
  }
}
