package io.atlaskv.redis.resp;

import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.NativeBuffer;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Writes replies straight into native memory, in version 2 or 3 of the protocol. Reused; `target`
/// says where the next replies go. Another protocol is another subclass: commands do not know.
public class ReplyWriter {
  private static final long OK = word("+OK\r\n");
  private static final int OK_BYTES = 5;
  private static final long NULL_BULK = word("$-1\r\n");
  private static final int NULL_BULK_BYTES = 5;
  private static final long NULL_ARRAY = word("*-1\r\n");
  private static final long NULL_3 = word("_\r\n");
  private static final int NULL_3_BYTES = 3;
  private static final short LINE_END = (short) ('\r' | '\n' << 8);
  private static final long[] SMALL_HEADERS = new long[1000]; // without the type: three digits fit

  static {
    for (int i = 0; i < SMALL_HEADERS.length; i++) {
      SMALL_HEADERS[i] = word(" " + i + "\r\n") & ~0xffL;
    }
  }

  private static final int HEADER_BYTES_MAX = 1 + Decimal.LENGTH_MAX + Short.BYTES + Long.BYTES;

  private NativeBuffer out;
  private int version = 2;
  private @Nullable String lastError;

  public ReplyWriter(NativeBuffer out) {
    this.out = out;
  }

  /// The next replies go to `buffer`, in version `protocol` (2 or 3).
  public void target(NativeBuffer buffer, int protocol) {
    out = buffer;
    version = protocol;
  }

  /// Where replies go now.
  public final NativeBuffer buffer() {
    return out;
  }

  /// Version of the protocol, 2 or 3.
  public int version() {
    return version;
  }

  public void version(int protocol) {
    version = protocol;
  }

  /// `+OK`.
  public void ok() {
    word(OK, OK_BYTES);
  }

  /// A status: no line breaks in it.
  public void simple(String text) {
    line('+', text);
  }

  /// An error: code word first, no line breaks in it. Each character is a byte, so that what a
  /// client sent can be quoted as it is.
  public final void error(String text) {
    errorLine(text);
    lastError = text;
  }

  /// Writes what `error` says.
  protected void errorLine(String text) {
    line('-', text);
  }

  /// The last error since this was asked, or null.
  public @Nullable String takeError() {
    String error = lastError;
    if (error != null) {
      lastError = null;
    }
    return error;
  }

  public void integer(long value) {
    header(':', value);
  }

  public void bulk(MemorySegment source, long offset, int length) {
    int bytes = HEADER_BYTES_MAX + length + Short.BYTES;
    room(bytes);
    header('$', length);
    out.put(source, offset, length);
    out.putShort(LINE_END);
  }

  public void bulk(byte[] source, int offset, int length) {
    room(HEADER_BYTES_MAX + length + Short.BYTES);
    header('$', length);
    out.put(source, offset, length);
    out.putShort(LINE_END);
  }

  /// A bulk string whose `length` bytes the caller writes into `buffer`; returns where.
  public int reserveBulk(long length) {
    long bytes = HEADER_BYTES_MAX + length + Short.BYTES;
    if (bytes > out.limit()) {
      throw new ReplyTooLargeException(out.limit());
    }
    room((int) bytes);
    header('$', length);
    int at = out.reserve((int) length);
    out.putShort(LINE_END);
    return at;
  }

  public void bulk(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    bulk(bytes, 0, bytes.length);
  }

  /// A decimal as a bulk string.
  public void bulkNumber(long value) {
    int length = Decimal.length(value);
    room(2 * HEADER_BYTES_MAX);
    header('$', length);
    int at = out.reserve(length);
    Decimal.write(value, length, out.segment(), at);
    out.putShort(LINE_END);
  }

  /// Absence of a value.
  public void nullValue() {
    if (version == 2) {
      word(NULL_BULK, NULL_BULK_BYTES);
    } else {
      word(NULL_3, NULL_3_BYTES);
    }
  }

  /// Absence of an array.
  public void nullArray() {
    if (version == 2) {
      word(NULL_ARRAY, NULL_BULK_BYTES);
    } else {
      word(NULL_3, NULL_3_BYTES);
    }
  }

  /// `count` replies follow.
  public void array(long count) {
    header('*', count);
  }

  /// `count` elements of a push follow: a message that is no reply.
  public void push(int count) {
    header(version == 2 ? '*' : '>', count);
  }

  /// `pairs` keys and values follow by turns, then the reply that they are about; version 3 only.
  public void attribute(int pairs) {
    header('|', pairs);
  }

  /// A yes or no; in version 2 the number 1 or 0.
  public void bool(boolean value) {
    if (version == 2) {
      integer(value ? 1 : 0);
    } else {
      line('#', value ? "t" : "f");
    }
  }

  /// A floating-point number, written already.
  public void decimal(String text) {
    if (version == 2) {
      bulk(text);
    } else {
      line(',', text);
    }
  }

  /// An integer of any size, written already.
  public void bigNumber(String text) {
    if (version == 2) {
      bulk(text);
    } else {
      line('(', text);
    }
  }

  /// An array whose count is not known yet; `endArray` says it. Returns the mark for it.
  public int beginArray() {
    room(HEADER_BYTES_MAX);
    return out.length();
  }

  /// Puts the header of the array begun at `mark` in front of what was written since.
  public void endArray(int mark, long count) {
    int digits = Decimal.length(count);
    int headerBytes = 1 + digits + Short.BYTES;
    int contentBytes = out.length() - mark;
    room(headerBytes);
    out.reserve(headerBytes);
    MemorySegment segment = out.segment();
    MemorySegment.copy(segment, mark, segment, mark + (long) headerBytes, contentBytes);
    segment.set(Layouts.BYTE, mark, (byte) '*');
    Decimal.write(count, digits, segment, mark + 1L);
    segment.set(Layouts.LE_SHORT, mark + 1L + digits, LINE_END);
  }

  /// Makes a page of the `count` replies written since `mark`: an array of what is to be asked for
  /// next, null if nothing is left, and of the array of the replies.
  public void endPage(int mark, long count, byte @Nullable [] next) {
    int contentBytes = out.length() - mark;
    array(2);
    if (next == null) {
      nullValue();
    } else {
      bulk(next, 0, next.length);
    }
    array(count);
    int headBytes = out.length() - mark - contentBytes;
    room(headBytes);
    int spare = out.reserve(headBytes);
    MemorySegment segment = out.segment();
    MemorySegment.copy(segment, mark + (long) contentBytes, segment, spare, headBytes);
    MemorySegment.copy(segment, mark, segment, mark + (long) headBytes, contentBytes);
    MemorySegment.copy(segment, spare, segment, mark, headBytes);
    out.truncate(spare);
  }

  /// `pairs` keys and values follow by turns.
  public void map(int pairs) {
    if (version == 2) {
      array(2L * pairs);
    } else {
      header('%', pairs);
    }
  }

  /// `count` members follow.
  public void set(int count) {
    header(version == 2 ? '*' : '~', count);
  }

  /// Text for people: INFO and its like.
  public void verbatim(String text) {
    if (version == 2) {
      bulk(text);
      return;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    room(2 * HEADER_BYTES_MAX + bytes.length);
    header('=', bytes.length + 4L);
    out.putInt('t' | 'x' << 8 | 't' << 16 | ':' << 24);
    out.put(bytes, 0, bytes.length);
    out.putShort(LINE_END);
  }

  /// Type, decimal, line end. Small values come from a table, as one word.
  ///
  /// With `line` and `word` this is all that writes RESP: a subclass of another form that overrides
  /// the three notices every reply it has no form for.
  protected void header(char type, long value) {
    room(HEADER_BYTES_MAX);
    int at = out.reserve(HEADER_BYTES_MAX);
    MemorySegment segment = out.segment();
    if (value >= 0 && value < SMALL_HEADERS.length) {
      segment.set(Layouts.LE_LONG, at, SMALL_HEADERS[(int) value] | type);
      int digits = value < 10 ? 1 : value < 100 ? 2 : 3;
      out.truncate(at + 1 + digits + Short.BYTES);
      return;
    }
    int digits = Decimal.length(value);
    segment.set(Layouts.BYTE, at, (byte) type);
    Decimal.write(value, digits, segment, at + 1L);
    segment.set(Layouts.LE_SHORT, at + 1L + digits, LINE_END);
    out.truncate(at + 1 + digits + Short.BYTES);
  }

  /// Type, text, line end.
  protected void line(char type, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    room(1 + bytes.length + Short.BYTES);
    out.putByte((byte) type);
    for (byte b : bytes) { // few; the first copy of an array would make the JDK spin a class
      out.putByte(b);
    }
    out.putShort(LINE_END);
  }

  /// The first `bytes` bytes of `word`.
  protected void word(long word, int bytes) {
    room(Long.BYTES);
    int at = out.reserve(Long.BYTES);
    out.segment().set(Layouts.LE_LONG, at, word);
    out.truncate(at + bytes);
  }

  /// Makes room for so many bytes.
  ///
  /// @throws ReplyTooLargeException if the connection may not have so many pending
  protected final void room(int bytes) {
    if ((long) out.length() + bytes > out.limit()) {
      throw new ReplyTooLargeException(out.limit());
    }
    out.ensureRoom(bytes);
  }

  private static long word(String text) {
    long word = 0;
    for (int i = 0; i < text.length(); i++) {
      word |= (long) text.charAt(i) << (8 * i);
    }
    return word;
  }
}
