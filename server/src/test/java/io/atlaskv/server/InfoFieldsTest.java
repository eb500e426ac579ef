package io.atlaskv.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.server.SimServer.SimClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class InfoFieldsTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final Path REDIS = Path.of("src/test/resources/golden/info-fields.txt");
  private static final Path LEFT_OUT = Path.of("../docs/info.md");
  private static final Pattern ROW = Pattern.compile("\\| ([a-z]+) \\| (`.*`) \\|.*");
  private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

  private final SimServer sim = new SimServer(SEED, 2, Durability.OS);
  private final SimClient client = sim.connect(0);

  private String call(String words) {
    client.command(words);
    sim.settle();
    return client.received();
  }

  /// Fields of INFO, as `section name`, with their values.
  private Map<String, String> fields() {
    var fields = new TreeMap<String, String>();
    String section = "";
    for (String line : call("INFO").split("\r\n", -1)) {
      int colon = line.indexOf(':');
      if (line.startsWith("# ")) {
        section = line.substring(2).toLowerCase(Locale.ROOT);
      } else if (colon > 0) {
        fields.put(section + " " + line.substring(0, colon), line.substring(colon + 1));
      }
    }
    return fields;
  }

  @Test
  void everyFieldOfRedisIsThereOrNamedAsLeftOut() throws IOException {
    var missing = new TreeSet<String>();
    for (String line : Files.readAllLines(REDIS)) {
      if (!line.startsWith("#")) {
        missing.add(line);
      }
    }
    missing.removeAll(fields().keySet());
    var leftOut = new TreeSet<String>();
    for (String line : Files.readAllLines(LEFT_OUT)) {
      var row = ROW.matcher(line);
      if (row.matches()) {
        QUOTED
            .matcher(row.group(2))
            .results()
            .forEach(name -> leftOut.add(row.group(1) + " " + name.group(1)));
      }
    }
    assertThat(missing).isEqualTo(leftOut);
  }

  @Test
  void numbersAreNumbers() {
    fields()
        .forEach((name, value) -> {
          if (name.matches("(memory|stats) .*")
              && !name.matches(".*(_human|_perc|policy|allocator)")) {
            assertThat(value).as(name).matches("-?\\d+(\\.\\d\\d)?");
          }
        });
    assertThat(fields().get("server run_id")).matches("[0-9a-f]{40}");
  }

  private String reads() {
    Map<String, String> fields = fields();
    return fields.get("stats keyspace_hits") + " " + fields.get("stats keyspace_misses");
  }

  @Test
  void readsThatFindAndThoseThatDoNotAreCounted() {
    SimClient other = sim.connect(1);
    call("MSET a 1 b 2");
    call("MGET a b c"); // 2, 1
    call("GET a"); // 3, 1
    call("INCR a");
    call("DEL nosuch");
    call("SET c 1 GET"); // 3, 2
    call("GETEX c PERSIST"); // 4, 2
    call("GETDEL c"); // 5, 2
    call("COPY a d"); // 6, 2
    call("BITOP AND e a b nosuch"); // 8, 3
    call("MEMORY USAGE a");
    call("WATCH a nosuch");
    call("MULTI");
    call("GET nosuch"); // 8, 4
    call("SET f 1");
    call("GET f"); // 9, 4
    call("EXEC");
    other.command("TTL a"); // 10, 4, on another loop
    sim.settle();
    assertThat(reads()).isEqualTo("10 4");
    call("CONFIG RESETSTAT");
    assertThat(reads()).isEqualTo("0 0");
  }

  @Test
  void aReadThatRunsAgainCountsOnce() {
    call("MSET a 1 b 2 c 3");
    sim.store.missFirst();
    call("MGET a b c nosuch");
    assertThat(reads()).isEqualTo("3 1");
  }
}
