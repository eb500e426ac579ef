package io.atlaskv.cli.client;

/// A flag of a client command.
///
/// @param name with its dashes
/// @param valueName stands for the value in the help; empty for a flag that takes none
/// @param description one line
record Flag(String name, String valueName, String description) {
  static Flag bare(String name, String description) {
    return new Flag(name, "", description);
  }

  boolean takesValue() {
    return !valueName.isEmpty();
  }

  String usage() {
    return takesValue() ? name + " " + valueName : name;
  }
}
