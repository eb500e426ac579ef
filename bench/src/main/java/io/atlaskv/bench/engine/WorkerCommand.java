package io.atlaskv.bench.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What a [WorkerProcess] is told to do.
///
/// @param worker class with the `main` that does it; its arguments are engine, task, directory,
///   entries, bytes of a value, and `more`
/// @param jvmFlags beside those the engine needs
/// @param more arguments behind the others
record WorkerCommand(
    Class<?> worker,
    List<String> jvmFlags,
    Engine engine,
    String task,
    Path directory,
    DataShape shape,
    List<String> more) {
  WorkerCommand {
    jvmFlags = List.copyOf(jvmFlags);
    more = List.copyOf(more);
  }

  List<String> words() {
    var words = new ArrayList<String>();
    words.add(ProcessHandle.current().info().command().orElse("java"));
    words.addAll(jvmFlags);
    words.addAll(engine.jvmFlags());
    words.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            worker.getName(),
            engine.engineName(),
            task,
            directory.toString(),
            Integer.toString(shape.entries()),
            Integer.toString(shape.valueBytes())));
    words.addAll(more);
    return words;
  }

  @Override
  public String toString() {
    return engine + " in " + task;
  }
}
