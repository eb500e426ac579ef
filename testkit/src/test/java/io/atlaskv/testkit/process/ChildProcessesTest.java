package io.atlaskv.testkit.process;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ChildProcessesTest {
  private final ChildProcesses children = new ChildProcesses();

  private Process start() throws IOException {
    return children.start(new ProcessBuilder("sleep", "600"));
  }

  @Test
  void endKillsAndReapsAndNothingIsStartedAfterwards() throws IOException {
    var processes = List.of(start(), start());
    children.end();
    for (Process process : processes) {
      assertFalse(process.isAlive());
    }
    assertThrows(IllegalStateException.class, this::start);
    children.end();
  }

  /// As in a shutdown: the program goes on starting servers while the hook kills them.
  @Test
  void noneThatIsStartedMeanwhileSurvives() throws InterruptedException {
    var started = new ArrayList<Process>();
    var some = new CountDownLatch(3);
    var failure = new ArrayList<Exception>();
    Thread starter =
        Thread.ofPlatform()
            .start(() -> {
              try {
                while (true) {
                  started.add(start());
                  some.countDown();
                }
              } catch (IOException | IllegalStateException e) {
                failure.add(e);
              }
            });
    some.await();
    children.end();
    starter.join();
    assertTrue(failure.getFirst() instanceof IllegalStateException, failure::toString);
    started.forEach(process -> assertFalse(process.isAlive()));
  }
}
