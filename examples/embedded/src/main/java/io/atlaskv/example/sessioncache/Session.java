package io.atlaskv.example.sessioncache;

import io.atlaskv.engine.api.Codec;
import java.util.UUID;

/// Somebody who has logged in.
///
/// @param token what the client shows to be known again
/// @param data of the application
public record Session(UUID token, String user, String data) {
  private record Content(String user, String data) {}

  private static final Codec<Content> CONTENT =
      Codec.of(
          (content, out) -> out.putText(content.user()).putText(content.data()),
          in -> new Content(in.takeText(), in.takeText()));

  byte[] key() {
    return key(token);
  }

  byte[] value() {
    return CONTENT.toBytes(new Content(user, data));
  }

  static byte[] key(UUID token) {
    return Codec.uuid().toBytes(token);
  }

  static Session of(UUID token, byte[] value) {
    Content content = CONTENT.fromBytes(value);
    return new Session(token, content.user(), content.data());
  }
}
