package io.atlaskv.redis.command;

import java.util.ArrayList;
import java.util.List;

/// Everything that is known of a command without running it: COMMAND, arity checks, routing,
/// latches, access control and the docs page read this.
///
/// @param name in capitals; of a subcommand its own name alone
/// @param arity arguments with the name (and the subcommand's); negative: at least so many
/// @param keySpecs which arguments are keys, and what happens to them
/// @param flags what it does
/// @param categories of access control, those that follow from flags left out
/// @param tips Redis' hints for clients and proxies
/// @param group chapter of the documentation
/// @param doc documentation
public record CommandSpec(
    String name,
    int arity,
    List<KeySpec> keySpecs,
    List<Flag> flags,
    List<AclCategory> categories,
    List<String> tips,
    Group group,
    CommandDoc doc) {

  public CommandSpec {
    keySpecs = List.copyOf(keySpecs);
    flags = List.copyOf(flags);
    categories = List.copyOf(categories);
    tips = List.copyOf(tips);
  }

  /// A command of this name, arity and chapter; more is said by the methods below.
  public static CommandSpec of(String name, int arity, Group group, Flag... flags) {
    return new CommandSpec(
        name, arity, List.of(), List.of(flags), List.of(), List.of(), group, CommandDoc.NONE);
  }

  /// A command that is a name for its subcommands: it does nothing itself.
  public static CommandSpec container(String name, Group group, String since, String summary) {
    return of(name, -2, group).doc(since, "Depends on subcommand.", "", summary);
  }

  /// Ranges of keys that follow each other.
  public CommandSpec keys(KeySpec... values) {
    return new CommandSpec(name, arity, List.of(values), flags, categories, tips, group, doc);
  }

  public CommandSpec categories(AclCategory... values) {
    return new CommandSpec(name, arity, keySpecs, flags, List.of(values), tips, group, doc);
  }

  public CommandSpec tips(String... values) {
    return new CommandSpec(name, arity, keySpecs, flags, categories, List.of(values), group, doc);
  }

  /// Documentation: since which version, time, arguments, one line.
  public CommandSpec doc(String since, String complexity, String syntax, String summary) {
    return with(new CommandDoc(since, complexity, syntax, summary, "", ""));
  }

  /// To be called after `doc`: new programs use something else.
  public CommandSpec deprecated(String since, String replacedBy) {
    return with(
        new CommandDoc(
            doc.since(), doc.complexity(), doc.syntax(), doc.summary(), since, replacedBy));
  }

  private CommandSpec with(CommandDoc value) {
    return new CommandSpec(name, arity, keySpecs, flags, categories, tips, group, value);
  }

  /// One range that has all keys.
  public KeySpec keys() {
    return KeySpec.covering(keySpecs);
  }

  public boolean has(Flag flag) {
    return flags.contains(flag);
  }

  /// True if a call with `count` arguments, the name included, has the right number.
  public boolean takes(int count) {
    return arity >= 0 ? count == arity : count >= -arity;
  }

  /// All categories, those that follow from the flags first.
  public List<AclCategory> allCategories() {
    var all = new ArrayList<AclCategory>();
    if (has(Flag.WRITE)) {
      all.add(AclCategory.WRITE);
    }
    if (has(Flag.READONLY) && !categories.contains(AclCategory.SCRIPTING)) {
      all.add(AclCategory.READ);
    }
    if (has(Flag.ADMIN)) {
      all.add(AclCategory.ADMIN);
      all.add(AclCategory.DANGEROUS);
    }
    if (has(Flag.PUBSUB)) {
      all.add(AclCategory.PUBSUB);
    }
    if (has(Flag.BLOCKING)) {
      all.add(AclCategory.BLOCKING);
    }
    for (AclCategory category : categories) {
      if (!all.contains(category)) {
        all.add(category);
      }
    }
    all.add(has(Flag.FAST) ? AclCategory.FAST : AclCategory.SLOW);
    return all;
  }
}
