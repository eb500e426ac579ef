package io.atlaskv.example.eventstore;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Options;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/// `append DIR STREAM VERSION TYPE AMOUNT`, `show DIR STREAM`, `at DIR STREAM TYPE TIME`, `total
/// DIR TYPE`; DIR is the store, VERSION how many events of the stream the caller has seen, and TIME
/// as in 2026-11-21T12:00:00Z.
public final class EventStoreMain {
  private static final Options OPTIONS = Options.DEFAULT.withLogRetainedSegments(5);
  private static final String USAGE =
      "usage: append DIR STREAM VERSION TYPE AMOUNT | show DIR STREAM | at DIR STREAM TYPE TIME"
          + " | total DIR TYPE";
  private static final int STALE = 1;
  private static final int MISUSE = 2;

  private EventStoreMain() {}

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
    try (Db db = AtlasKv.open(Path.of(arguments.get(1)), OPTIONS)) {
      run(db, arguments, out);
      return 0;
    } catch (StaleVersionException e) {
      err.println(e.getMessage());
      return STALE;
    } catch (NumberFormatException | DateTimeException e) {
      err.println(e.getMessage());
      err.println(USAGE);
      return MISUSE;
    }
  }

  private static boolean isCommand(List<String> arguments) {
    return !arguments.isEmpty()
        && switch (arguments.getFirst()) {
          case "append" -> arguments.size() == 6;
          case "show", "total" -> arguments.size() == 3;
          case "at" -> arguments.size() == 5;
          default -> false;
        };
  }

  private static void run(Db db, List<String> arguments, PrintStream out) {
    var store = new EventStore(db, InstantSource.system());
    String name = arguments.get(2); // of a stream, or of a type
    switch (arguments.getFirst()) {
      case "append" -> {
        long seen = Long.parseLong(arguments.get(3));
        show(store.append(name, seen, arguments.get(4), Long.parseLong(arguments.get(5))), out);
        new Totals(db).update();
      }
      case "show" -> store.events(name).forEach(event -> show(event, out));
      case "at" -> {
        Instant time = Instant.parse(arguments.get(4));
        out.println(store.stateAt(name, time, arguments.get(3), Long::sum));
      }
      default -> out.println(new Totals(db).of(name));
    }
  }

  private static void show(Event event, PrintStream out) {
    out.println(event.version() + "  " + event.at() + "  " + event.type() + "  " + event.amount());
  }
}
