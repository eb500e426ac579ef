package io.atlaskv.redis.command;

import java.util.ArrayList;
import java.util.List;

/// Everything that is known of a command without running it: COMMAND, arity checks, routing,
/// latches, access control and the docs page read this.
///
/// @param name in capitals
/// @param arity arguments with the name; negative: at least so many
/// @param keys which arguments are keys
/// @param flags what it does
/// @param categories of access control, those that follow from flags left out
/// @param group chapter of the documentation
/// @param since version of Redis that brought it, or of AtlasKV for its own
/// @param summary one line
/// @param complexity time, in Redis' notation
/// @param syntax arguments as documented
public record CommandSpec(
    String name,
    int arity,
    KeySpec keys,
    List<Flag> flags,
    List<AclCategory> categories,
    Group group,
    String since,
    String summary,
    String complexity,
    String syntax) {

  public CommandSpec {
    flags = List.copyOf(flags);
    categories = List.copyOf(categories);
  }

  /// A command of this name, arity and chapter; more is said by the `with` methods.
  public static CommandSpec of(String name, int arity, Group group, Flag... flags) {
    return new CommandSpec(
        name, arity, KeySpec.NONE, List.of(flags), List.of(), group, "1.0.0", "", "O(1)", "");
  }

  public CommandSpec keys(KeySpec value) {
    return new CommandSpec(
        name, arity, value, flags, categories, group, since, summary, complexity, syntax);
  }

  public CommandSpec categories(AclCategory... values) {
    return new CommandSpec(
        name, arity, keys, flags, List.of(values), group, since, summary, complexity, syntax);
  }

  /// Documentation: since which version, time, arguments, one line.
  public CommandSpec doc(String sinceVersion, String time, String arguments, String line) {
    return new CommandSpec(
        name, arity, keys, flags, categories, group, sinceVersion, line, time, arguments);
  }

  public boolean has(Flag flag) {
    return flags.contains(flag);
  }

  /// True if a call with `count` arguments, the name included, has the right number.
  public boolean takes(int count) {
    return arity >= 0 ? count == arity : count >= -arity;
  }

  /// All categories, those that follow from the flags first, as Redis orders them.
  public List<AclCategory> allCategories() {
    var all = new ArrayList<AclCategory>();
    if (has(Flag.WRITE)) {
      all.add(AclCategory.WRITE);
    }
    if (has(Flag.READONLY) && !categories.contains(AclCategory.CONNECTION)) {
      all.add(AclCategory.READ);
    }
    if (has(Flag.ADMIN)) {
      all.add(AclCategory.ADMIN);
      all.add(AclCategory.DANGEROUS);
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
