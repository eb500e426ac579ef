package io.atlaskv.bench.load;

import io.atlaskv.bench.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// What one run sends.
///
/// @param request see [RequestTemplate]
/// @param clients connections
/// @param pipeline requests sent together by a connection, which then waits for all their replies
/// @param requests in all
/// @param keys that `{key}` is drawn from
/// @param ratePerSecond requests that are begun, come what may; 0 to begin the next as soon as a
///   connection is free
/// @param absentAfterMillis requests sent after this time of the clock must not find a value
/// @param channel that one more connection subscribes to and reads from; empty for none
/// @param seed of the random numbers
public record LoadPlan(
    int port,
    String request,
    int clients,
    int pipeline,
    int requests,
    int keys,
    int valueBytes,
    double ratePerSecond,
    long absentAfterMillis,
    String channel,
    long seed) {
  public static final String USAGE =
      """
      usage: bench/load --port N [--clients 50] [--pipeline 1] [--requests 100000] [--keys 1000000]
                        [--value-bytes 100] [--rate R] [--absent-after EPOCH-MILLIS]
                        [--channel NAME] [--seed 42] REQUEST...
        --rate R     requests a second, begun on time whether or not earlier ones were answered;
                     latencies count from the time a request was due
        REQUEST      GET key:{key}, or MULTI ; SET key:{key} {value} ; EXEC; places: {key} {next}
                     {value} {100-799}\
      """;

  private static final Set<String> FLAGS =
      Set.of(
          "--port",
          "--clients",
          "--pipeline",
          "--requests",
          "--keys",
          "--value-bytes",
          "--rate",
          "--absent-after",
          "--channel",
          "--seed");

  public LoadPlan {
    if (clients < 1 || pipeline < 1 || requests < 1 || keys < 1) {
      throw new IllegalArgumentException(
          "clients=%d, pipeline=%d, requests=%d, keys=%d: each must be at least 1"
              .formatted(clients, pipeline, requests, keys));
    }
  }

  /// A run with 50 clients, no pipeline and no rate.
  public static LoadPlan of(int port, String request) {
    return new LoadPlan(port, request, 50, 1, 100_000, 1_000_000, 100, 0, Long.MAX_VALUE, "", 42);
  }

  /// Reads what [#words] writes.
  public static LoadPlan parse(List<String> words) {
    var plan = of(0, "");
    var request = new ArrayList<String>();
    for (int i = 0; i < words.size(); i++) {
      var word = words.get(i);
      if (!request.isEmpty() || !word.startsWith("--")) {
        request.addAll(List.of(word.split(" ", -1)));
        continue;
      }
      if (++i == words.size()) {
        throw new IllegalArgumentException(word + " has no value\n" + USAGE);
      }
      if (!FLAGS.contains(word)) {
        throw new IllegalArgumentException("unknown flag " + word + "\n" + USAGE);
      }
      plan = plan.with(word, words.get(i));
    }
    if (request.isEmpty()) {
      throw new IllegalArgumentException("no request\n" + USAGE);
    }
    return plan.withRequest(String.join(" ", request));
  }

  /// The flags, then the request.
  public List<String> words() {
    var words = new ArrayList<String>();
    words.addAll(List.of("--port", Integer.toString(port)));
    words.addAll(List.of("--clients", Integer.toString(clients)));
    words.addAll(List.of("--pipeline", Integer.toString(pipeline)));
    words.addAll(List.of("--requests", Integer.toString(requests)));
    words.addAll(List.of("--keys", Integer.toString(keys)));
    words.addAll(List.of("--value-bytes", Integer.toString(valueBytes)));
    words.addAll(List.of("--rate", Double.toString(ratePerSecond)));
    words.addAll(List.of("--absent-after", Long.toString(absentAfterMillis)));
    if (!channel.isEmpty()) {
      words.addAll(List.of("--channel", channel));
    }
    words.addAll(List.of("--seed", Long.toString(seed)));
    words.addAll(List.of(request.split(" ", -1)));
    return words;
  }

  public LoadPlan withClients(int count) {
    return with("--clients", Integer.toString(count));
  }

  public LoadPlan withPipeline(int depth) {
    return with("--pipeline", Integer.toString(depth));
  }

  public LoadPlan withRequests(int count) {
    return with("--requests", Integer.toString(count));
  }

  public LoadPlan withKeys(int count) {
    return with("--keys", Integer.toString(count));
  }

  public LoadPlan withRate(double perSecond) {
    return with("--rate", Double.toString(perSecond));
  }

  public LoadPlan withAbsentAfter(long epochMillis) {
    return with("--absent-after", Long.toString(epochMillis));
  }

  public LoadPlan withChannel(String name) {
    return with("--channel", name);
  }

  public LoadPlan withSeed(long newSeed) {
    return with("--seed", Long.toString(newSeed));
  }

  private LoadPlan withRequest(String text) {
    return new LoadPlan(
        port,
        text,
        clients,
        pipeline,
        requests,
        keys,
        valueBytes,
        ratePerSecond,
        absentAfterMillis,
        channel,
        seed);
  }

  private LoadPlan with(String flag, String value) {
    return new LoadPlan(
        flag.equals("--port") ? Numbers.number(flag, value, 0, USAGE) : port,
        request,
        flag.equals("--clients") ? Numbers.number(flag, value, 1, USAGE) : clients,
        flag.equals("--pipeline") ? Numbers.number(flag, value, 1, USAGE) : pipeline,
        flag.equals("--requests") ? Numbers.number(flag, value, 1, USAGE) : requests,
        flag.equals("--keys") ? Numbers.number(flag, value, 1, USAGE) : keys,
        flag.equals("--value-bytes") ? Numbers.number(flag, value, 0, USAGE) : valueBytes,
        flag.equals("--rate") ? rate(value) : ratePerSecond,
        flag.equals("--absent-after")
            ? Numbers.longNumber(flag, value, 0, USAGE)
            : absentAfterMillis,
        flag.equals("--channel") ? value : channel,
        flag.equals("--seed") ? Numbers.longNumber(flag, value, Long.MIN_VALUE, USAGE) : seed);
  }

  private static double rate(String text) {
    try {
      double rate = Double.parseDouble(text);
      if (rate >= 0) {
        return rate;
      }
    } catch (NumberFormatException _) {
      // told below
    }
    throw new IllegalArgumentException("--rate '" + text + "': must be 0 or more\n" + USAGE);
  }
}
