package io.atlaskv.redis.command.server;

import io.atlaskv.redis.command.CommandDoc;
import io.atlaskv.redis.command.RegisteredCommand;
import io.atlaskv.redis.resp.ReplyWriter;
import java.util.List;

/// Writes what is documented of a command in the form of COMMAND DOCS.
final class CommandDocumenter {
  private CommandDocumenter() {}

  static void document(RegisteredCommand command, ReplyWriter reply) {
    CommandDoc doc = command.spec().doc();
    boolean isDeprecated = !doc.deprecatedSince().isEmpty();
    List<RegisteredCommand> subcommands = command.subcommands();
    reply.bulk(command.lowerName());
    reply.map(4 + (isDeprecated ? 3 : 0) + (subcommands.isEmpty() ? 0 : 1));
    field("summary", doc.summary(), reply);
    field("since", doc.since(), reply);
    field("group", command.spec().group().word(), reply);
    field("complexity", doc.complexity(), reply);
    if (isDeprecated) {
      reply.bulk("doc_flags");
      reply.set(1);
      reply.simple("deprecated");
      field("deprecated_since", doc.deprecatedSince(), reply);
      field("replaced_by", doc.replacedBy(), reply);
    }
    if (!subcommands.isEmpty()) {
      reply.bulk("subcommands");
      reply.map(subcommands.size());
      subcommands.forEach(subcommand -> document(subcommand, reply));
    }
  }

  private static void field(String name, String value, ReplyWriter reply) {
    reply.bulk(name);
    reply.bulk(value);
  }
}
