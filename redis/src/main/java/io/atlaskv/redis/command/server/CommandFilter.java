package io.atlaskv.redis.command.server;

import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.command.RegisteredCommand;
import io.atlaskv.redis.data.Glob;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.Keyword;
import io.atlaskv.redis.resp.ReplyWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// `COMMAND LIST [FILTERBY <MODULE name | ACLCAT category | PATTERN pattern>]`: full names of
/// commands and subcommands.
final class CommandFilter {
  private static final Keyword FILTERBY = Keyword.of("FILTERBY");
  private static final Keyword MODULE = Keyword.of("MODULE");
  private static final Keyword ACLCAT = Keyword.of("ACLCAT");
  private static final Keyword PATTERN = Keyword.of("PATTERN");

  private CommandFilter() {}

  static void list(Context context, Args args, ReplyWriter reply) {
    Predicate<RegisteredCommand> filter = args.count() == 2 ? _ -> true : parse(args);
    if (filter == null) {
      reply.error(Errors.SYNTAX);
      return;
    }
    var names = new ArrayList<String>();
    collect(context.table().all(), filter, names);
    reply.array(names.size());
    names.forEach(reply::bulk);
  }

  private static @Nullable Predicate<RegisteredCommand> parse(Args args) {
    if (args.count() != 5 || !args.is(2, FILTERBY)) {
      return null;
    }
    String wanted = args.text(4).toLowerCase(Locale.ROOT);
    if (args.is(3, MODULE)) {
      return _ -> false; // there are no modules
    }
    if (args.is(3, ACLCAT)) {
      return command ->
          command.spec().allCategories().stream()
              .map(AclCategory::lowerName)
              .anyMatch(wanted::equals);
    }
    if (args.is(3, PATTERN)) {
      var pattern = new Glob(wanted.getBytes(StandardCharsets.UTF_8));
      return command -> {
        byte[] name = command.lowerName().getBytes(StandardCharsets.UTF_8);
        return pattern.matches(name, 0, name.length);
      };
    }
    return null;
  }

  private static void collect(
      List<RegisteredCommand> commands, Predicate<RegisteredCommand> filter, List<String> names) {
    for (RegisteredCommand command : commands) {
      if (filter.test(command)) {
        names.add(command.lowerName());
      }
      collect(command.subcommands(), filter, names);
    }
  }
}
