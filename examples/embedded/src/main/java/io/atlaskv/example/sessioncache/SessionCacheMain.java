package io.atlaskv.example.sessioncache;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.QuotaExceededException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/// `begin DIR USER DATA`, `use DIR TOKEN`, `end DIR TOKEN`, `list DIR USER`, `end-all DIR USER`;
/// DIR is the store. Sessions end 10 minutes after their last use; a user may have 3.
public final class SessionCacheMain {
  private static final Duration LIFETIME = Duration.ofMinutes(10);
  private static final int SESSIONS_MAX = 3;
  private static final long BYTES_MAX = 1 << 20;
  private static final String USAGE =
      "usage: begin DIR USER DATA | use DIR TOKEN | end DIR TOKEN | list DIR USER"
          + " | end-all DIR USER";
  private static final int REFUSED = 1;
  private static final int MISUSE = 2;

  private SessionCacheMain() {}

  public static void main(String[] arguments) {
    int code = run(List.of(arguments), System.out, System.err);
    if (code != 0) {
      System.exit(code);
    }
  }

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (!isCommand(arguments)) {
      err.println(USAGE);
      return MISUSE;
    }
    try (Db db = AtlasKv.open(Path.of(arguments.get(1)))) {
      return run(new SessionCache(db, LIFETIME, SESSIONS_MAX, BYTES_MAX), arguments, out);
    } catch (QuotaExceededException e) {
      err.println(e.getMessage());
      return REFUSED;
    } catch (IllegalArgumentException e) { // no token
      err.println(e.getMessage());
      err.println(USAGE);
      return MISUSE;
    }
  }

  private static boolean isCommand(List<String> arguments) {
    return !arguments.isEmpty()
        && switch (arguments.getFirst()) {
          case "begin" -> arguments.size() == 4;
          case "use", "end", "list", "end-all" -> arguments.size() == 3;
          default -> false;
        };
  }

  private static int run(SessionCache cache, List<String> arguments, PrintStream out) {
    String argument = arguments.get(2);
    switch (arguments.getFirst()) {
      case "begin" -> out.println(cache.begin(argument, arguments.get(3)).token());
      case "use" -> {
        var session = cache.use(UUID.fromString(argument));
        out.println(session.map(s -> s.user() + "  " + s.data()).orElse("over"));
        return session.isPresent() ? 0 : REFUSED;
      }
      case "end" -> cache.end(UUID.fromString(argument));
      case "list" -> cache.tokens(argument).forEach(out::println);
      default -> cache.endAll(argument);
    }
    return 0;
  }
}
