package io.atlaskv.example.sessioncache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionCacheMainTest {
  @TempDir private Path directory;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  /// As a shell would: each command opens the store.
  private String shell(String... words) {
    out.reset();
    PrintStream before = System.out;
    System.setOut(new PrintStream(out, true, UTF_8));
    try {
      SessionCacheMain.main(words(words).toArray(String[]::new));
    } finally {
      System.setOut(before);
    }
    return out.toString(UTF_8).strip();
  }

  private int run(String... words) {
    out.reset();
    err.reset();
    return SessionCacheMain.run(
        words(words), new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
  }

  private List<String> words(String... words) {
    return List.of(words).stream()
        .map(word -> word.equals("DIR") ? directory.toString() : word)
        .toList();
  }

  @Test
  void beginsUsesListsAndEnds() {
    String first = shell("begin", "DIR", "ada", "cart: 1");
    assertThat(shell("use", "DIR", first)).isEqualTo("ada  cart: 1");
    String second = shell("begin", "DIR", "ada", "cart: 2");
    assertThat(shell("list", "DIR", "ada").lines()).containsExactlyInAnyOrder(first, second);
    shell("end", "DIR", first);
    assertThat(shell("list", "DIR", "ada")).isEqualTo(second);
    shell("end-all", "DIR", "ada");
    assertThat(shell("list", "DIR", "ada")).isEmpty();
    assertThat(run("use", "DIR", second)).isEqualTo(1);
    assertThat(out.toString(UTF_8)).isEqualToIgnoringNewLines("over");
  }

  @Test
  void aSessionThatHasNoRoomIsRefused() {
    assertThat(run("begin", "DIR", "ada", "x".repeat(1 << 20))).isEqualTo(1);
    assertThat(err.toString(UTF_8)).contains("may have 1048576 bytes");
    assertThat(shell("list", "DIR", "ada")).isEmpty();
  }

  @Test
  void whatIsNoCommandIsToldHow() {
    for (List<String> wrong :
        List.of(List.<String>of(), List.of("begin", "DIR", "ada"), List.of("use", "DIR", "me"))) {
      assertThat(run(wrong.toArray(String[]::new))).isEqualTo(2);
      assertThat(err.toString(UTF_8)).contains("usage: begin");
    }
  }
}
