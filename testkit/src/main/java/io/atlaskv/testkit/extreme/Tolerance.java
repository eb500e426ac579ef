package io.atlaskv.testkit.extreme;

import io.atlaskv.testkit.process.RespReply;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Where answers need not be equal, each with the reason.
///
/// @param request the words, separated by blanks, lower case
/// @param how what is still demanded
/// @param reason for the reader
record Tolerance(Pattern request, How how, String reason) {
  enum How {
    /// Is not sent at all.
    NOT_RUN,
    /// Both succeed or both fail; what is answered may differ.
    SAME_KIND,
    /// Any answer of ours is fine, except an internal error.
    ANY_ANSWER
  }

  private static final String ANY_SMALL_TIME = " (1|63|64)( .*)?";

  private static final List<Tolerance> ALL =
      List.of(
          of(
              "(shutdown|debug|failover|replicaof|slaveof|p?sync|replconf).*",
              How.NOT_RUN,
              "ends the server, or makes it another one"),
          of(
              "(monitor|[ps]?(un)?subscribe|client reply|client pause|client kill|client no-).*",
              How.NOT_RUN,
              "the connection does not go on with one reply for each request"),
          of(
              "(wait|bgsave|bgrewriteaof|save|config rewrite|config set).*",
              How.NOT_RUN,
              "waits, writes files, or changes the server; these have tests of their own"),
          of(
              "((pexpire|psetex) .*|(set|getex) .* px)" + ANY_SMALL_TIME,
              How.NOT_RUN,
              "expires between two looks"),
          of("lolwut.*", How.ANY_ANSWER, "a picture of our own, whatever version is asked for"),
          of("client tracking.*", How.ANY_ANSWER, "there is no client side caching yet"),
          of("p?ttl .*", How.SAME_KIND, "time passes between the two"),
          of("object refcount.*", How.SAME_KIND, "Redis shares small numbers between keys"),
          of("[a-z]+ help.*", How.SAME_KIND, "lists the subcommands of 7.2"),
          of("(quit|reset).*", How.SAME_KIND, "ends the session"),
          of(
              "(info|time|lastsave|client|config|command|memory|latency|slowlog|object freq"
                  + "|object idletime|object encoding|randomkey|role|hello|acl|module"
                  + "|function|script|cluster|pubsub help).*",
              How.SAME_KIND,
              "tells of this server, or of chance"),
          of(
              "scan (?!(0|[1-9]\\d{0,17})( |$)).*|scan",
              How.ANY_ANSWER,
              "a cursor that no SCAN has given out is refused; Redis takes what strtoul() takes"),
          of("(scan|keys) .*", How.SAME_KIND, "order and cursors are the server's own"));

  static Optional<Tolerance> of(List<String> words) {
    var request = String.join(" ", words).toLowerCase(Locale.ROOT);
    return ALL.stream().filter(one -> one.request.matcher(request).matches()).findFirst();
  }

  private static Tolerance of(String request, How how, String reason) {
    return new Tolerance(Pattern.compile(request, Pattern.DOTALL), how, reason);
  }

  boolean accepts(RespReply ours, RespReply theirs) {
    return switch (how) {
      case NOT_RUN, ANY_ANSWER -> true;
      case SAME_KIND -> isError(ours) == isError(theirs);
    };
  }

  private static boolean isError(RespReply reply) {
    return reply instanceof RespReply.Failure;
  }
}
