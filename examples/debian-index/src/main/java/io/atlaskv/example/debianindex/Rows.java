package io.atlaskv.example.debianindex;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/// The rows that the server has to hold, in the order of their keys.
///
/// ```
/// stanza/LIST/NAME/VERSION/ARCH         the whole stanza
/// field/LIST/NAME/VERSION/ARCH/FIELD    one field of it
/// ```
///
/// Keys and values have one char per byte (ISO-8859-1), whose order is the order of the bytes.
final class Rows {
  private static final List<String> FIELDS =
      List.of("Section", "Maintainer", "Installed-Size", "Depends", "SHA256");

  private final NavigableMap<String, String> rows = new TreeMap<>();

  static Rows of(List<Stanza> stanzas) {
    var rows = new Rows();
    for (var stanza : stanzas) {
      rows.add("stanza/" + stanza.path(), stanza.text());
      for (var field : FIELDS) {
        stanza
            .field(field)
            .ifPresent(value -> rows.add("field/" + stanza.path() + "/" + field, value));
      }
    }
    return rows;
  }

  private void add(String key, String value) {
    var before = rows.put(key, value);
    if (before != null && !before.equals(value)) {
      throw new IllegalStateException("two different rows have the key " + key);
    }
  }

  NavigableMap<String, String> all() {
    return rows;
  }

  /// All rows whose key starts so. The prefix must not end with the greatest char.
  NavigableMap<String, String> startingWith(String prefix) {
    int last = prefix.length() - 1;
    var after = prefix.substring(0, last) + (char) (prefix.charAt(last) + 1);
    return rows.subMap(prefix, true, after, false);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /// SHA-256 over lengths, keys and values, row by row.
  static final class Digest {
    private final MessageDigest digest;
    private long count;

    Digest() {
      try {
        digest = MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK has SHA-256", e);
      }
    }

    void add(String key, String value) {
      digest.update(bytes(key.length() + " " + value.length() + " "));
      digest.update(bytes(key));
      digest.update(bytes(value));
      count++;
    }

    String finish() {
      return count + " rows, SHA-256 " + HexFormat.of().formatHex(digest.digest());
    }
  }
}
