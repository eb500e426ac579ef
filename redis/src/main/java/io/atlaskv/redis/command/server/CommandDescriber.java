package io.atlaskv.redis.command.server;

import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.KeySpec;
import io.atlaskv.redis.command.RegisteredCommand;
import io.atlaskv.redis.resp.ReplyWriter;
import java.util.List;
import java.util.Locale;

/// Writes a command's spec in the forms of COMMAND INFO and COMMAND DOCS.
final class CommandDescriber {
  private CommandDescriber() {}

  static void describe(CommandSpec spec, ReplyWriter reply) {
    KeySpec keys = spec.keys();
    reply.array(10);
    reply.bulk(spec.name().toLowerCase(Locale.ROOT));
    reply.integer(spec.arity());
    List<Flag> flags = spec.flags().stream().filter(Flag::isReported).toList();
    reply.set(flags.size());
    flags.forEach(flag -> reply.simple(flag.word()));
    reply.integer(keys.first());
    reply.integer(keys.last());
    reply.integer(keys.step());
    List<AclCategory> categories = spec.allCategories();
    reply.set(categories.size());
    categories.forEach(category -> reply.simple(category.word()));
    reply.array(0); // tips
    if (keys.first() == 0) {
      reply.array(0);
    } else {
      reply.array(1);
      describeKeys(spec, reply);
    }
    reply.array(0); // subcommands
  }

  private static void describeKeys(CommandSpec spec, ReplyWriter reply) {
    KeySpec keys = spec.keys();
    reply.map(3);
    reply.bulk("flags");
    reply.set(1);
    reply.simple(spec.has(Flag.WRITE) ? "RW" : "RO");
    reply.bulk("begin_search");
    reply.map(2);
    reply.bulk("type");
    reply.bulk("index");
    reply.bulk("spec");
    reply.map(1);
    reply.bulk("index");
    reply.integer(keys.first());
    reply.bulk("find_keys");
    reply.map(2);
    reply.bulk("type");
    reply.bulk("range");
    reply.bulk("spec");
    reply.map(3);
    reply.bulk("lastkey");
    reply.integer(keys.last() < 0 ? keys.last() : keys.last() - keys.first());
    reply.bulk("keystep");
    reply.integer(keys.step());
    reply.bulk("limit");
    reply.integer(0);
  }

  static void document(RegisteredCommand command, ReplyWriter reply) {
    CommandSpec spec = command.spec();
    reply.bulk(command.lowerName());
    reply.map(4);
    reply.bulk("summary");
    reply.bulk(spec.summary());
    reply.bulk("since");
    reply.bulk(spec.since());
    reply.bulk("group");
    reply.bulk(spec.group().word());
    reply.bulk("complexity");
    reply.bulk(spec.complexity());
  }
}
