package io.atlaskv.bench.server;

import io.atlaskv.testkit.process.ServerCommand;
import java.util.regex.Pattern;

/// One server as it takes part in a comparison.
///
/// @param name in the tables
/// @param durability as its own words have it
/// @param command that starts it
/// @param loopThreads names of the threads that serve clients: their CPU time is the foreground
record Contender(String name, String durability, ServerCommand command, Pattern loopThreads) {
  private static final Pattern ATLASKV_LOOPS = Pattern.compile("atlas-loop.*");
  private static final Pattern REDIS_LOOP = Pattern.compile("redis-server");
  private static final Pattern COMPILERS = Pattern.compile("C[12] CompilerThre.*");

  static Contender atlasKv(ServerCommand command, String durability) {
    return new Contender(
        "AtlasKV", durability, command.with("--durability", durability), ATLASKV_LOOPS);
  }

  static Contender redis(ServerCommand command, String durability) {
    return new Contender(
        "Redis", durability, command.with("--appendfsync", durability), REDIS_LOOP);
  }

  Contender with(String... options) {
    return new Contender(name, durability, command.with(options), loopThreads);
  }

  boolean isLoop(String thread) {
    return loopThreads.matcher(thread).matches();
  }

  /// Whether a thread of that name is a compiler of the JVM; Redis has none.
  static boolean isCompiler(String thread) {
    return COMPILERS.matcher(thread).matches();
  }
}
