package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.db.MultiGet;
import io.atlaskv.engine.internal.db.Tally;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one read of many keys needs, reused.
final class ManyReader implements MultiGet.Answers, AutoCloseable {
  private static final byte[] @Nullable [] NOTHING = {};

  private final MultiGet reads;
  private final ReadTallies tallies;
  private final Tally tally;
  private int namespace;
  private byte[] @Nullable [] values = NOTHING;
  private boolean isBegun;

  ManyReader(MultiGet reads, ReadTallies tallies) {
    this.reads = reads;
    this.tallies = tallies;
    this.tally = tallies.begin();
  }

  /// The keys of a list, none of which is too long.
  static byte[][] keys(List<byte[]> list) {
    byte[][] keys = list.toArray(byte[][]::new);
    for (byte[] key : keys) {
      EmbeddedReader.requireKey(key.length);
    }
    return keys;
  }

  /// Begins as `MultiGet.begin`; to be ended by `end`.
  MultiGet begin(int namespaceId, long snapshot, byte[][] keys) {
    namespace = namespaceId;
    values = new byte[keys.length] @Nullable [];
    reads.begin(namespaceId, snapshot, keys, this);
    isBegun = true;
    return reads;
  }

  @Override
  public void answer(int position, Lookup answer) {
    boolean isFound = answer.state() == Lookup.FOUND;
    tally.read(namespace, isFound ? answer.length() : -1);
    values[position] =
        isFound ? ByteArrays.copyOf(answer.segment(), answer.offset(), answer.length()) : null;
  }

  /// The answers, for the caller to keep.
  List<byte @Nullable []> values() {
    return Arrays.asList(values);
  }

  /// Forgets all of one read.
  void end() {
    values = NOTHING;
    if (isBegun) {
      isBegun = false;
      reads.end();
    }
  }

  @Override
  public void close() {
    tallies.end(tally);
    reads.close();
  }
}
