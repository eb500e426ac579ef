package io.atlaskv.engine.internal.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlaskv.engine.internal.io.Directories;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.io.SystemPorts;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnfinishedCheckpointTest {
  @TempDir private Path directory;

  /// What is made and not locked yet must not be taken for what a crash left behind.
  @Test
  void twoThatBeginAtTheSameTimeLeaveEachOtherAlone() {
    Directories real = SystemPorts.directories(directory);
    var ended = new CompletableFuture<Void>();
    var other =
        new Thread(() -> {
          UnfinishedCheckpoint.begin(real, "b", "test").close();
          ended.complete(null);
        });
    var slow =
        new Between(
            real,
            () -> {
              other.start();
              while (other.getState() != Thread.State.WAITING && other.isAlive()) {
                Thread.onSpinWait();
              }
            });
    UnfinishedCheckpoint begun = UnfinishedCheckpoint.begin(slow, "a", "test");
    ended.join();
    assertEquals(List.of("a.atlaskv-unfinished"), real.list());
    begun.close();
    assertEquals(List.of(), real.list());
  }

  /// Something happens after each directory is made.
  private record Between(Directories real, Runnable action) implements Directories {
    @Override
    public FileSystem make(String name) {
      FileSystem made = real.make(name);
      action.run();
      return made;
    }

    @Override
    public FileSystem open(String name) {
      return real.open(name);
    }

    @Override
    public boolean exists(String name) {
      return real.exists(name);
    }

    @Override
    public List<String> list() {
      return real.list();
    }

    @Override
    public void rename(String from, String to) {
      real.rename(from, to);
    }

    @Override
    public void delete(String name) {
      real.delete(name);
    }

    @Override
    public void sync() {
      real.sync();
    }
  }
}
