package io.atlaskv.cli.client;

import java.nio.charset.StandardCharsets;

/// How `cli` prints replies.
enum ReplyForm {
  /// With types and quotes.
  PEOPLE {
    @Override
    byte[] print(Reply reply) {
      return ReplyText.forPeople(reply).getBytes(StandardCharsets.UTF_8);
    }
  },

  /// Bytes as they are.
  RAW {
    @Override
    byte[] print(Reply reply) {
      return ReplyText.raw(reply);
    }
  },

  /// A line of JSON.
  JSON {
    @Override
    byte[] print(Reply reply) {
      return (Json.of(reply) + "\n").getBytes(StandardCharsets.UTF_8);
    }
  };

  /// With the line end.
  abstract byte[] print(Reply reply);
}
