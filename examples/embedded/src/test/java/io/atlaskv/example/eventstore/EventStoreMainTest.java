package io.atlaskv.example.eventstore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventStoreMainTest {
  @TempDir private Path directory;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  /// As a shell would: each command opens the store.
  private String shell(String command) {
    out.reset();
    PrintStream before = System.out;
    System.setOut(new PrintStream(out, true, UTF_8));
    try {
      EventStoreMain.main(words(command).toArray(String[]::new));
    } finally {
      System.setOut(before);
    }
    return out.toString(UTF_8);
  }

  private int run(String command) {
    err.reset();
    return EventStoreMain.run(
        words(command), new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
  }

  private List<String> words(String command) {
    return List.of(command.replace("DIR", directory.toString()).split(" "));
  }

  @Test
  void appendsShowsAndSums() {
    assertThat(shell("append DIR ada 0 paid 3")).matches("1  \\S+Z  paid  3\\R");
    shell("append DIR ada 1 paid 4");
    shell("append DIR eve 0 paid 5");
    assertThat(shell("show DIR ada").lines()).hasSize(2).last().asString().endsWith("paid  4");
    assertThat(shell("at DIR ada paid 1970-01-01T00:00:00Z")).isEqualToIgnoringNewLines("0");
    assertThat(shell("at DIR ada paid 9999-12-31T00:00:00Z")).isEqualToIgnoringNewLines("7");
    assertThat(shell("total DIR paid")).isEqualToIgnoringNewLines("12");
  }

  @Test
  void whoHasNotSeenTheLastEventIsTold() {
    assertThat(run("append DIR ada 0 paid 3")).isZero();
    assertThat(run("append DIR ada 0 paid 3")).isEqualTo(1);
    assertThat(err.toString(UTF_8)).contains("expected version 0, found 1");
  }

  @Test
  void whatIsNoCommandIsToldHow() {
    for (String wrong :
        List.of(
            "show", "forget DIR ada", "append DIR ada 0 paid many", "at DIR ada paid yesterday")) {
      assertThat(run(wrong)).as(wrong).isEqualTo(2);
      assertThat(err.toString(UTF_8)).as(wrong).contains("usage: append");
    }
  }
}
