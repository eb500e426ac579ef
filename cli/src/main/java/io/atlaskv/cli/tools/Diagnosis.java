package io.atlaskv.cli.tools;

/// One thing that `doctor` has looked at.
///
/// @param what the thing, in a word or two
/// @param found how it is
/// @param advice what to do about it; empty if it is as it should be
record Diagnosis(String what, String found, String advice) {
  static Diagnosis fine(String what, String found) {
    return new Diagnosis(what, found, "");
  }

  boolean isFine() {
    return advice.isEmpty();
  }
}
