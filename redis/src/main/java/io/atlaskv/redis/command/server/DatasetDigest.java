package io.atlaskv.redis.command.server;

import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.data.DatabaseView;
import io.atlaskv.redis.data.Databases;
import io.atlaskv.redis.data.KeyBounds;
import io.atlaskv.redis.data.KeyCursor;
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.data.StringView;
import io.atlaskv.redis.store.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Redis' digest of keys and values, made of SHA-1: the same data has the same, in whatever order
/// it was written.
final class DatasetDigest {
  private static final byte[] EXPIRES = "!!expire!!".getBytes(StandardCharsets.US_ASCII);
  private static final int BYTES = 20;

  private final MessageDigest sha1 = sha1();
  private byte[] digest = new byte[BYTES];

  private static MessageDigest sha1() {
    try {
      return MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }

  /// All databases, as of one moment. Blocks.
  void addAll(Context context) {
    Keyspace keys = context.keys();
    keys.holdSnapshot(); // fragments of a value are read beside the cursor
    keys.raiseGate(context.store().visibleSequence());
    DatabaseView databases = context.databases();
    for (int number = 0; number < Databases.COUNT; number++) {
      if (databases.keys(number) == 0) {
        continue;
      }
      mix(number(number));
      keys.begin(databases.namespace(number), false);
      try (var string = new StringView();
          KeyCursor at = KeyCursor.open(keys, KeyBounds.all(), false)) {
        for (int state = at.first(); state == Reader.FOUND; state = at.next()) {
          var key = new DatasetDigest();
          key.mix(at.copyKey());
          if (at.isInline()) {
            key.addValue(at);
          } else {
            at.show(string);
            key.addValue(at.type(), at.expires(), string);
          }
          add(key.digest);
        }
      }
    }
  }

  private void addValue(KeyCursor at) {
    sha1.update(at.valueSegment().asSlice(at.valueOffset(), at.valueLength()).asByteBuffer());
    addValue(at.type(), at.expires(), sha1.digest());
  }

  /// The value of one key. Blocks.
  void addValue(byte type, boolean expires, StringView value) {
    for (long at = 0; at < value.length(); at = value.end()) {
      value.show(at);
      sha1.update(value.segment().asSlice(value.offset(), value.end() - at).asByteBuffer());
    }
    addValue(type, expires, sha1.digest());
  }

  private void addValue(byte type, boolean expires, byte[] hash) {
    mix(number(type));
    mixHash(hash);
    if (expires) {
      add(EXPIRES);
    }
  }

  String hex() {
    return HexFormat.of().formatHex(digest);
  }

  private static byte[] number(int value) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
  }

  /// In whatever order what is added comes, the digest is the same.
  private void add(byte[] bytes) {
    addHash(sha1.digest(bytes));
  }

  private void addHash(byte[] hash) {
    for (int i = 0; i < BYTES; i++) {
      digest[i] ^= hash[i];
    }
  }

  private void mix(byte[] bytes) {
    mixHash(sha1.digest(bytes));
  }

  private void mixHash(byte[] hash) {
    addHash(hash);
    digest = sha1.digest(digest);
  }
}
