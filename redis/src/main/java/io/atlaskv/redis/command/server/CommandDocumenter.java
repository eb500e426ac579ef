package io.atlaskv.redis.command.server;

import io.atlaskv.redis.command.Argument;
import io.atlaskv.redis.command.CommandDoc;
import io.atlaskv.redis.command.RegisteredCommand;
import io.atlaskv.redis.resp.ReplyWriter;
import java.util.ArrayList;
import java.util.List;

/// Writes what is documented of a command in the form of COMMAND DOCS.
final class CommandDocumenter {
  private CommandDocumenter() {}

  static void document(RegisteredCommand command, ReplyWriter reply) {
    CommandDoc doc = command.spec().doc();
    boolean isDeprecated = !doc.deprecatedSince().isEmpty();
    List<RegisteredCommand> subcommands = command.subcommands();
    reply.bulk(command.lowerName());
    List<Argument> arguments = command.arguments();
    int fields = isDeprecated ? 7 : 4;
    fields += arguments.isEmpty() ? 0 : 1;
    fields += subcommands.isEmpty() ? 0 : 1;
    reply.map(fields);
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
    if (!arguments.isEmpty()) {
      reply.bulk("arguments");
      document(arguments, reply);
    }
    if (!subcommands.isEmpty()) {
      reply.bulk("subcommands");
      reply.map(subcommands.size());
      subcommands.forEach(subcommand -> document(subcommand, reply));
    }
  }

  private static void document(List<Argument> arguments, ReplyWriter reply) {
    reply.array(arguments.size());
    for (Argument argument : arguments) {
      document(argument, reply);
    }
  }

  private static void document(Argument argument, ReplyWriter reply) {
    var flags = new ArrayList<String>();
    if (argument.isOptional()) {
      flags.add("optional");
    }
    if (argument.isMultiple()) {
      flags.add("multiple");
    }
    if (argument.isTokenRepeated()) {
      flags.add("multiple_token");
    }
    int fields = 2;
    fields += argument.isValue() ? 1 : 0;
    fields += argument.keySpec() < 0 ? 0 : 1;
    fields += argument.token().isEmpty() ? 0 : 1;
    fields += flags.isEmpty() ? 0 : 1;
    fields += argument.arguments().isEmpty() ? 0 : 1;
    reply.map(fields);
    field("name", argument.name(), reply);
    field("type", argument.type().word(), reply);
    if (argument.isValue()) {
      field("display_text", argument.name(), reply);
    }
    if (argument.keySpec() >= 0) {
      reply.bulk("key_spec_index");
      reply.integer(argument.keySpec());
    }
    if (!argument.token().isEmpty()) {
      field("token", argument.token(), reply);
    }
    if (!flags.isEmpty()) {
      reply.bulk("flags");
      reply.set(flags.size());
      flags.forEach(reply::simple);
    }
    if (!argument.arguments().isEmpty()) {
      reply.bulk("arguments");
      document(argument.arguments(), reply);
    }
  }

  private static void field(String name, String value, ReplyWriter reply) {
    reply.bulk(name);
    reply.bulk(value);
  }
}
