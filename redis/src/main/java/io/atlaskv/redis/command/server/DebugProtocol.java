package io.atlaskv.redis.command.server;

import io.atlaskv.redis.resp.ReplyWriter;
import java.util.Locale;

/// `DEBUG PROTOCOL type`: one reply of each type there is, as Redis writes it.
final class DebugProtocol {
  private DebugProtocol() {}

  static void reply(String type, ReplyWriter reply) {
    switch (type.toLowerCase(Locale.ROOT)) {
      case "string" -> reply.bulk("Hello World");
      case "integer" -> reply.integer(12345);
      case "double" -> reply.decimal("3.141");
      case "null" -> reply.nullValue();
      case "array" -> {
        reply.array(3);
        numbers(reply);
      }
      case "set" -> {
        reply.set(3);
        numbers(reply);
      }
      case "map" -> {
        reply.map(3);
        for (int i = 0; i < 3; i++) {
          reply.integer(i);
          reply.bool(i == 1);
        }
      }
      case "attrib" -> {
        if (reply.version() >= 3) {
          reply.attribute(1);
          reply.bulk("key-popularity");
          reply.array(2);
          reply.bulk("key:123");
          reply.integer(90);
        }
        reply.bulk("Some real reply following the attribute");
      }
      case "push" -> {
        if (reply.version() == 2) {
          reply.error("ERR RESP2 is not supported by this command");
          return;
        }
        reply.push(2);
        reply.bulk("server-cpu-usage");
        reply.integer(42);
      }
      case "verbatim" -> reply.verbatim("This is a verbatim\nstring");
      case "true" -> reply.bool(true);
      case "false" -> reply.bool(false);
      case "bignum" -> reply.bigNumber("1234567999999999999999999999999999999");
      default ->
          reply.error(
              "ERR Wrong protocol type name. Please use one of the following: string|integer|double|null|array|set|map|attrib|push|verbatim|true|false");
    }
  }

  private static void numbers(ReplyWriter reply) {
    for (int i = 0; i < 3; i++) {
      reply.integer(i);
    }
  }
}
