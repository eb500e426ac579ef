package io.atlaskv.redis.command.server;

import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.KeyFlag;
import io.atlaskv.redis.command.KeySpec;
import io.atlaskv.redis.command.RegisteredCommand;
import io.atlaskv.redis.resp.ReplyWriter;
import java.util.List;

/// Writes what is known of a command in the form of COMMAND INFO: ten elements, as Redis 7.
final class CommandDescriber {
  private CommandDescriber() {}

  static void describe(RegisteredCommand command, ReplyWriter reply) {
    CommandSpec spec = command.spec();
    KeySpec keys = spec.keys();
    reply.array(10);
    reply.bulk(command.lowerName());
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
    reply.array(spec.tips().size());
    spec.tips().forEach(reply::bulk);
    reply.array(spec.keySpecs().size());
    spec.keySpecs().forEach(keySpec -> describeKeys(spec, keySpec, reply));
    reply.array(command.subcommands().size());
    command.subcommands().forEach(subcommand -> describe(subcommand, reply));
  }

  private static void describeKeys(CommandSpec spec, KeySpec keys, ReplyWriter reply) {
    reply.map(3);
    reply.bulk("flags");
    describeFlags(flags(spec, keys.flags()), reply);
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

  /// What happens to a key: as said, or else what follows from the command's flags.
  static List<KeyFlag> flags(CommandSpec spec, List<KeyFlag> said) {
    return said.isEmpty() ? List.of(spec.has(Flag.WRITE) ? KeyFlag.RW : KeyFlag.RO) : said;
  }

  static void describeFlags(List<KeyFlag> flags, ReplyWriter reply) {
    reply.set(flags.size());
    flags.forEach(flag -> reply.simple(flag.word()));
  }
}
