package io.atlaskv.cli.client;

import java.util.List;

/// What a server answered, in version 2 or 3 of Redis' protocol.
sealed interface Reply {
  /// A short line that says how it went.
  record Status(String text) implements Reply {}

  /// An error; its first word is a code.
  record Failure(String text) implements Reply {}

  /// A 64-bit number.
  record Int(long value) implements Reply {}

  /// A number that `Int` cannot hold, or one with a fraction, as it was sent.
  record Decimal(String digits) implements Reply {}

  /// A yes or no.
  record Bool(boolean value) implements Reply {}

  /// Bytes, or text for people.
  record Bulk(Bytes bytes) implements Reply {}

  /// Replies in a row; pushed ones come by themselves.
  record Many(List<Reply> elements, boolean isPush) implements Reply {}

  /// Keys and values by turns.
  record Pairs(List<Reply> elements) implements Reply {}

  /// No value.
  record Nil() implements Reply {}

  /// True for an error.
  default boolean isFailure() {
    return this instanceof Failure;
  }
}
