package io.atlaskv.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// The test vectors that clients are written by: the block in `docs/protocol/native.md`.
///
/// @param requests frames to send, the last of them one that ends the connection
/// @param responses what answers them, one for one
record NativeVectors(List<String> requests, List<String> responses) {
  private static final Path PAGE = Path.of("../docs/protocol/native.md");

  /// Bytes are kept as chars.
  static NativeVectors read() throws IOException {
    String page = Files.readString(PAGE);
    int start = page.indexOf("```vectors\n");
    assertTrue(start > 0, "no vectors in " + PAGE);
    var requests = new ArrayList<String>();
    var responses = new ArrayList<String>();
    for (String line : page.substring(start, page.indexOf("\n```\n", start)).split("\n", -1)) {
      if (line.startsWith("> ")) {
        requests.add(bytes(line));
      } else if (line.startsWith("< ")) {
        responses.add(bytes(line));
      }
    }
    return new NativeVectors(requests, responses);
  }

  private static String bytes(String line) {
    byte[] bytes = HexFormat.of().parseHex(line.substring(2).replace(" ", ""));
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
