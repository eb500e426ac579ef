package io.atlaskv.redis.command.server;

import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.ContainerCommand;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.LatencyHistogram;
import io.atlaskv.redis.command.LatencyMonitor;
import io.atlaskv.redis.command.RegisteredCommand;
import io.atlaskv.redis.command.Subcommand;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `LATENCY DOCTOR | GRAPH | HISTOGRAM | HISTORY | LATEST | RESET | HELP`: how long commands take.
public final class LatencyCommand extends ContainerCommand {
  private static final CommandSpec SPEC =
      CommandSpec.container(
          "LATENCY", Group.SERVER, "2.8.13", "A container for latency diagnostics commands.");
  private static final long NANOS_PER_MICRO = 1000;
  private static final long MICROS_MAX = 1L << 30;

  public LatencyCommand() {
    super(
        SPEC,
        List.of(
            Subcommand.answering(
                spec("DOCTOR", 2)
                    .tips(
                        "nondeterministic_output",
                        "request_policy:all_nodes",
                        "response_policy:special")
                    .doc("2.8.13", "O(1)", "", "Returns a human-readable latency analysis report."),
                (context, _, reply) -> reply.verbatim(LatencyReport.advice(context))),
            Subcommand.answering(
                spec("GRAPH", 3)
                    .tips(
                        "nondeterministic_output",
                        "request_policy:all_nodes",
                        "response_policy:special")
                    .doc("2.8.13", "O(1)", "event", "Returns a latency graph for an event."),
                LatencyCommand::graph),
            Subcommand.help(
                SPEC,
                "2.8.13",
                "DOCTOR",
                "    Return a human readable latency analysis report.",
                "GRAPH <event>",
                "    Return an ASCII latency graph for the <event> class.",
                "HISTOGRAM [COMMAND ...]",
                "    Return a cumulative distribution of latencies in the format of a histogram for the specified command names.",
                "    If no commands are specified then all histograms are replied.",
                "HISTORY <event>",
                "    Return time-latency samples for the <event> class.",
                "LATEST",
                "    Return the latest latency samples for all events.",
                "RESET [<event> ...]",
                "    Reset latency data of one or more <event> classes.",
                "    (default: reset all data for all event classes)"),
            Subcommand.answering(
                spec("HISTOGRAM", -2)
                    .tips(
                        "nondeterministic_output",
                        "request_policy:all_nodes",
                        "response_policy:special")
                    .doc(
                        "7.0.0",
                        "O(N) where N is the number of commands with latency information being retrieved.",
                        "[command [command ...]]",
                        "Returns the cumulative distribution of latencies of a subset or all commands."),
                LatencyCommand::histogram),
            Subcommand.answering(
                spec("HISTORY", 3)
                    .tips(
                        "nondeterministic_output",
                        "request_policy:all_nodes",
                        "response_policy:special")
                    .doc(
                        "2.8.13",
                        "O(1)",
                        "event",
                        "Returns timestamp-latency samples for an event."),
                LatencyCommand::history),
            Subcommand.answering(
                spec("LATEST", 2)
                    .tips(
                        "nondeterministic_output",
                        "request_policy:all_nodes",
                        "response_policy:special")
                    .doc(
                        "2.8.13", "O(1)", "", "Returns the latest latency samples for all events."),
                LatencyCommand::latest),
            Subcommand.answering(
                spec("RESET", -2)
                    .tips("request_policy:all_nodes", "response_policy:agg_sum")
                    .doc(
                        "2.8.13",
                        "O(1)",
                        "[event [event ...]]",
                        "Resets the latency data for one or more events."),
                LatencyCommand::reset)));
  }

  private static CommandSpec spec(String name, int arity) {
    return CommandSpec.of(
        name, arity, Group.SERVER, Flag.ADMIN, Flag.NOSCRIPT, Flag.LOADING, Flag.STALE);
  }

  private static void graph(Context context, Args args, ReplyWriter reply) {
    String name = args.text(2);
    LatencyMonitor.Event event = context.data().latencyMonitor().events().get(name);
    if (event == null) {
      reply.error(Errors.oneLine("ERR No samples available for event '" + name + "'"));
    } else {
      reply.verbatim(LatencyReport.graph(context, name, event));
    }
  }

  private static void history(Context context, Args args, ReplyWriter reply) {
    LatencyMonitor.Event event = context.data().latencyMonitor().events().get(args.text(2));
    List<LatencyMonitor.Sample> samples = event == null ? List.of() : event.samples();
    reply.array(samples.size());
    for (LatencyMonitor.Sample sample : samples) {
      reply.array(2);
      reply.integer(sample.seconds());
      reply.integer(sample.millis());
    }
  }

  private static void latest(Context context, Args args, ReplyWriter reply) {
    Map<String, LatencyMonitor.Event> events = context.data().latencyMonitor().events();
    reply.array(events.size());
    events.forEach((name, event) -> {
      reply.array(4);
      reply.bulk(name);
      reply.integer(event.samples().getLast().seconds());
      reply.integer(event.samples().getLast().millis());
      reply.integer(event.millisMax());
    });
  }

  private static void reset(Context context, Args args, ReplyWriter reply) {
    LatencyMonitor monitor = context.data().latencyMonitor();
    var names = new ArrayList<String>();
    for (int i = 2; i < args.count(); i++) {
      names.add(args.text(i));
    }
    if (names.isEmpty()) {
      names.addAll(monitor.events().keySet());
    }
    reply.integer(names.stream().filter(monitor::reset).count());
  }

  private static void histogram(Context context, Args args, ReplyWriter reply) {
    var wanted = new ArrayList<RegisteredCommand>();
    for (int i = 2; i < args.count(); i++) {
      RegisteredCommand command = context.table().named(args.text(i));
      if (command != null) {
        wanted.add(command);
      }
    }
    var found = new LinkedHashMap<String, LatencyHistogram>();
    for (RegisteredCommand command : args.count() == 2 ? context.table().all() : wanted) {
      collect(context, command, found);
      command.subcommands().forEach(subcommand -> collect(context, subcommand, found));
    }
    reply.map(found.size());
    found.forEach((name, counts) -> {
      reply.bulk(name);
      reply.map(2);
      reply.bulk("calls");
      reply.integer(counts.count());
      reply.bulk("histogram_usec");
      describe(counts, reply);
    });
  }

  private static void collect(
      Context context, RegisteredCommand command, Map<String, LatencyHistogram> found) {
    LatencyHistogram histogram = context.data().statistics().totals(command).histogram();
    if (histogram.count() > 0) {
      found.put(command.lowerName(), histogram);
    }
  }

  /// Powers of two of a microsecond, each with how many took at most so long, from the first to the
  /// one that has them all.
  private static void describe(LatencyHistogram counts, ReplyWriter reply) {
    long all = counts.count();
    var lines = new LinkedHashMap<Long, Long>();
    long before = 0;
    for (long micros = 1; before < all && micros <= MICROS_MAX; micros *= 2) {
      long within = micros == MICROS_MAX ? all : counts.countUpTo(micros * NANOS_PER_MICRO);
      if (within > before) {
        lines.put(micros, within);
      }
      before = within;
    }
    reply.map(lines.size());
    lines.forEach((micros, within) -> {
      reply.integer(micros);
      reply.integer(within);
    });
  }
}
