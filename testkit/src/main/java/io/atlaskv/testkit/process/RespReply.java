package io.atlaskv.testkit.process;

import java.util.List;

/// One RESP2 reply. Bytes are kept as ISO-8859-1 strings: one char per byte, nothing lost.
public sealed interface RespReply {
  record Status(String text) implements RespReply {}

  record Failure(String text) implements RespReply {}

  record Int(long value) implements RespReply {}

  record Bulk(String bytes) implements RespReply {}

  record Many(List<RespReply> elements) implements RespReply {}

  enum Nil implements RespReply {
    INSTANCE
  }
}
