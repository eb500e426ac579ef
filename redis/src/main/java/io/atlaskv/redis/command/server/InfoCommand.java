package io.atlaskv.redis.command.server;

import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.data.DatabaseView;
import io.atlaskv.redis.data.Databases;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// `INFO [section ...]`: facts as text.
public final class InfoCommand implements Command {
  private static final List<String> SECTIONS =
      List.of(
          "server",
          "clients",
          "memory",
          "persistence",
          "stats",
          "replication",
          "cpu",
          "commandstats",
          "errorstats",
          "latencystats",
          "cluster",
          "keyspace");

  private static final Set<String> DEFAULT_SECTIONS =
      Set.of(
          "server",
          "clients",
          "memory",
          "persistence",
          "stats",
          "replication",
          "cpu",
          "errorstats",
          "cluster",
          "keyspace");

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("INFO", -1, Group.SERVER, Flag.LOADING, Flag.STALE)
        .categories(AclCategory.DANGEROUS)
        .doc(
            "1.0.0",
            "O(1)",
            "[section [section ...]]",
            "Returns information and statistics about the server.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    var wanted = new HashSet<String>();
    for (int i = 1; i < args.count(); i++) {
      wanted.add(args.text(i).toLowerCase(Locale.ROOT));
    }
    if (wanted.isEmpty() || wanted.contains("default")) {
      wanted.addAll(DEFAULT_SECTIONS);
    }
    boolean isAll = wanted.contains("all") || wanted.contains("everything");
    var text = new StringBuilder();
    for (String section : SECTIONS) {
      if (isAll || wanted.contains(section)) {
        append(context, section, text);
      }
    }
    reply.verbatim(text.toString());
    return Outcome.DONE;
  }

  private static void append(Context context, String section, StringBuilder text) {
    if (!text.isEmpty()) {
      text.append("\r\n");
    }
    String title = section.substring(0, 1).toUpperCase(Locale.ROOT) + section.substring(1);
    text.append("# ").append(title).append("\r\n");
    Map<String, String> lines =
        switch (section) {
          case "persistence" -> PersistenceInfo.lines(context);
          case "replication" -> replication(context);
          case "cluster" -> Map.of("cluster_enabled", "0");
          case "commandstats" -> StatisticsInfo.commands(context);
          case "errorstats" -> StatisticsInfo.errors(context);
          case "latencystats" -> StatisticsInfo.latencies(context);
          case "stats" -> StatisticsInfo.stats(context);
          case "keyspace" -> keyspace(context);
          default -> context.host().info(section);
        };
    new TreeMap<>(lines)
        .forEach((name, value) -> text.append(name).append(':').append(value).append("\r\n"));
  }

  private static Map<String, String> replication(Context context) {
    var lines = new LinkedHashMap<String, String>();
    lines.put("role", "master");
    lines.put("connected_slaves", "0");
    lines.put("master_failover_state", "no-failover");
    lines.put("master_replid", context.data().runId());
    lines.put("master_replid2", "0".repeat(context.data().runId().length()));
    lines.put("master_repl_offset", "0");
    lines.put("second_repl_offset", "-1");
    lines.put("repl_backlog_active", "0");
    lines.put("repl_backlog_size", "0");
    lines.put("repl_backlog_first_byte_offset", "0");
    lines.put("repl_backlog_histlen", "0");
    return lines;
  }

  private static Map<String, String> keyspace(Context context) {
    var lines = new LinkedHashMap<String, String>();
    DatabaseView databases = context.databases();
    for (int number = 0; number < Databases.COUNT; number++) {
      long keys = databases.keys(number);
      if (keys > 0) {
        lines.put(
            "db" + number,
            "keys=" + keys + ",expires=" + databases.expiring(number) + ",avg_ttl=0");
      }
    }
    return lines;
  }
}
