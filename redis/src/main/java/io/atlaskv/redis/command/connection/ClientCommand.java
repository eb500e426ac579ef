package io.atlaskv.redis.command.connection;

import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.ContainerCommand;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.Subcommand;
import java.util.List;

/// `CLIENT`: what a client says of itself, sees of others and does to them. What its subcommands do
/// is in `ClientSelf` and `ClientOthers`.
public final class ClientCommand extends ContainerCommand {
  private static final CommandSpec SPEC =
      CommandSpec.container(
          "CLIENT", Group.CONNECTION, "2.4.0", "A container for client connection commands.");

  public ClientCommand() {
    super(SPEC, subcommandList());
  }

  private static List<Command> subcommandList() {
    return List.of(
        Subcommand.answering(
            self("CACHING", 3)
                .doc(
                    "6.0.0",
                    "O(1)",
                    "YES | NO",
                    "Instructs the server whether to track the keys in the next request. Here it is always refused."),
            (_, _, reply) -> reply.error(ClientSelf.CACHING_WITHOUT_TRACKING)),
        Subcommand.answering(
            self("GETNAME", 2).doc("2.6.9", "O(1)", "", "Returns the name of the connection."),
            (context, _, reply) -> ClientSelf.name(context.session(), reply)),
        Subcommand.answering(
            self("GETREDIR", 2)
                .doc(
                    "6.0.0",
                    "O(1)",
                    "",
                    "Returns the client ID to which the connection's tracking notifications are redirected."),
            (_, _, reply) -> reply.integer(-1)),
        help(),
        Subcommand.answering(
            self("ID", 2)
                .doc("5.0.0", "O(1)", "", "Returns the unique client ID of the connection."),
            (context, _, reply) -> reply.integer(context.session().id())),
        Subcommand.answering(
            self("INFO", 2)
                .tips("nondeterministic_output")
                .doc("6.2.0", "O(1)", "", "Returns information about the connection."),
            (context, _, reply) -> reply.verbatim(ClientLine.of(context.session(), context))),
        Subcommand.answering(
            others("KILL", -3)
                .doc(
                    "2.4.0",
                    "O(N) where N is the number of client connections",
                    "ip:port | [ID client-id] [TYPE <NORMAL | MASTER | REPLICA | PUBSUB>] [USER username] [ADDR ip:port] [LADDR ip:port] [SKIPME <YES | NO>]",
                    "Terminates open connections."),
            ClientOthers::kill),
        Subcommand.answering(
            others("LIST", -2)
                .tips("nondeterministic_output")
                .doc(
                    "2.4.0",
                    "O(N) where N is the number of client connections",
                    "[TYPE <NORMAL | MASTER | REPLICA | PUBSUB>] [ID client-id [client-id ...]]",
                    "Lists open connections."),
            ClientOthers::list),
        Subcommand.answering(
            others("NO-EVICT", 3)
                .doc(
                    "7.0.0",
                    "O(1)",
                    "ON | OFF",
                    "Sets the client eviction mode of the connection."),
            (context, args, reply) ->
                ClientSelf.onOff(args, reply, context.session()::neverEvicted)),
        Subcommand.answering(
            self("NO-TOUCH", 3)
                .doc(
                    "7.2.0",
                    "O(1)",
                    "ON | OFF",
                    "Controls whether commands sent by the client affect the LRU/LFU of accessed keys."),
            (context, args, reply) ->
                ClientSelf.onOff(args, reply, context.session()::notTouching)),
        Subcommand.answering(
            others("PAUSE", -3)
                .doc("2.9.50", "O(1)", "timeout [WRITE | ALL]", "Suspends commands processing."),
            ClientOthers::pause),
        Subcommand.answering(
            self("REPLY", 3)
                .doc(
                    "3.2.0",
                    "O(1)",
                    "ON | OFF | SKIP",
                    "Instructs the server whether to reply to commands."),
            (context, args, reply) -> ClientSelf.replies(context.session(), args, reply)),
        Subcommand.answering(
            self("SETINFO", 4)
                .doc(
                    "7.2.0",
                    "O(1)",
                    "LIB-NAME libname | LIB-VER libver",
                    "Sets information specific to the client or connection."),
            (context, args, reply) -> ClientSelf.library(context.session(), args, reply)),
        Subcommand.answering(
            self("SETNAME", 3).doc("2.6.9", "O(1)", "connection-name", "Sets the connection name."),
            (context, args, reply) -> ClientSelf.rename(context.session(), args, reply)),
        Subcommand.answering(
            self("TRACKING", -3)
                .doc(
                    "6.0.0",
                    "O(1)",
                    "ON | OFF",
                    "Controls server-assisted client-side caching for the connection. Only OFF is there."),
            (_, args, reply) -> ClientSelf.track(args, reply)),
        Subcommand.answering(
            self("TRACKINGINFO", 2)
                .doc(
                    "6.2.0",
                    "O(1)",
                    "",
                    "Returns information about server-assisted client-side caching for the connection."),
            (_, _, reply) -> ClientSelf.tracking(reply)),
        Subcommand.answering(
            others("UNBLOCK", -3)
                .doc(
                    "5.0.0",
                    "O(log N) where N is the number of client connections",
                    "client-id [TIMEOUT | ERROR]",
                    "Unblocks a client blocked by a blocking command from a different connection."),
            ClientOthers::unblock),
        Subcommand.answering(
            others("UNPAUSE", 2)
                .doc(
                    "6.2.0",
                    "O(N) Where N is the number of paused clients",
                    "",
                    "Resumes processing commands from paused clients."),
            (context, _, reply) -> ClientOthers.unpause(context, reply)));
  }

  private static CommandSpec self(String name, int arity) {
    return CommandSpec.of(name, arity, Group.CONNECTION, Flag.NOSCRIPT, Flag.LOADING, Flag.STALE)
        .categories(AclCategory.CONNECTION);
  }

  private static CommandSpec others(String name, int arity) {
    return CommandSpec.of(
            name, arity, Group.CONNECTION, Flag.ADMIN, Flag.NOSCRIPT, Flag.LOADING, Flag.STALE)
        .categories(AclCategory.CONNECTION);
  }

  private static Command help() {
    return Subcommand.help(
        SPEC.categories(AclCategory.CONNECTION),
        "5.0.0",
        "CACHING (YES|NO)",
        "    Enable/disable tracking of the keys for next command in OPTIN/OPTOUT modes.",
        "GETREDIR",
        "    Return the client ID we are redirecting to when tracking is enabled.",
        "GETNAME",
        "    Return the name of the current connection.",
        "ID",
        "    Return the ID of the current connection.",
        "INFO",
        "    Return information about the current client connection.",
        "KILL <ip:port>",
        "    Kill connection made from <ip:port>.",
        "KILL <option> <value> [<option> <value> [...]]",
        "    Kill connections. Options are:",
        "    * ADDR (<ip:port>|<unixsocket>:0)",
        "      Kill connections made from the specified address",
        "    * LADDR (<ip:port>|<unixsocket>:0)",
        "      Kill connections made to specified local address",
        "    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB)",
        "      Kill connections by type.",
        "    * USER <username>",
        "      Kill connections authenticated by <username>.",
        "    * SKIPME (YES|NO)",
        "      Skip killing current connection (default: yes).",
        "LIST [options ...]",
        "    Return information about client connections. Options:",
        "    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB)",
        "      Return clients of specified type.",
        "UNPAUSE",
        "    Stop the current client pause, resuming traffic.",
        "PAUSE <timeout> [WRITE|ALL]",
        "    Suspend all, or just write, clients for <timeout> milliseconds.",
        "REPLY (ON|OFF|SKIP)",
        "    Control the replies sent to the current connection.",
        "SETNAME <name>",
        "    Assign the name <name> to the current connection.",
        "SETINFO <option> <value>",
        "    Set client meta attr. Options are:",
        "    * LIB-NAME: the client lib name.",
        "    * LIB-VER: the client lib version.",
        "UNBLOCK <clientid> [TIMEOUT|ERROR]",
        "    Unblock the specified blocked client.",
        "TRACKING (ON|OFF) [REDIRECT <id>] [BCAST] [PREFIX <prefix> [...]]",
        "         [OPTIN] [OPTOUT] [NOLOOP]",
        "    Control server assisted client side caching.",
        "TRACKINGINFO",
        "    Report tracking status for the current connection.",
        "NO-EVICT (ON|OFF)",
        "    Protect current client connection from eviction.",
        "NO-TOUCH (ON|OFF)",
        "    Will not touch LRU/LFU stats when this mode is on.");
  }
}
