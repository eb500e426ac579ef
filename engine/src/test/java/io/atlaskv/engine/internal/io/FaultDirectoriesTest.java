package io.atlaskv.engine.internal.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class FaultDirectoriesTest extends DirectoriesContract {
  private final FaultFileSystem files = FaultFileSystem.create(1);

  @Override
  Directories directories() {
    return files.directories("parent");
  }

  /// All that a power cut may leave of one file in a directory that was moved.
  private Set<String> left() {
    var states = new TreeSet<String>();
    files
        .crashStates(files.operationCount() - 1, 100)
        .forEach(left -> {
          var names = new TreeSet<String>();
          for (String name : left.directories("parent").list()) {
            left.directories("parent").open(name).list().forEach(file -> names.add(name + file));
          }
          states.add(String.join(" ", names));
        });
    return states;
  }

  @Test
  void aMoveIsVolatileUntilTheParentIsSynced() {
    FileSystem made = directories().make("a");
    FileSystemContract.writeNew(made, "1", (byte) 1);
    made.syncDirectory();
    directories().rename("a", "b");
    assertThat(left()).containsExactlyInAnyOrder("a1", "b1");
    directories().sync();
    assertThat(left()).containsExactly("b1");
  }

  @Test
  void aMoveDoesNotMakeTheNamesInItSafe() {
    FileSystemContract.writeNew(directories().make("a"), "1", (byte) 1);
    directories().rename("a", "b");
    assertThat(left()).containsExactlyInAnyOrder("", "a1", "b1");
    directories().sync();
    assertThat(left()).containsExactlyInAnyOrder("", "b1");
    directories().open("b").syncDirectory();
    assertThat(left()).containsExactly("b1");
  }
}
