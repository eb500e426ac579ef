package io.atlaskv.cli.client;

/// A flag of a client command.
///
/// @param name with its dashes
/// @param valueName stands for the value in the help; empty for a flag that takes none
/// @param description one line
public record Flag(String name, String valueName, String description) {
  public static Flag bare(String name, String description) {
    return new Flag(name, "", description);
  }

  public boolean takesValue() {
    return !valueName.isEmpty();
  }

  public String usage() {
    return takesValue() ? name + " " + valueName : name;
  }
}
