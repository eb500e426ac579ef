package io.atlaskv.example.eventstore;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.Codec;
import java.time.Instant;

/// Something that happened.
///
/// @param stream what it happened to
/// @param version 1 for the stream's first event, and so on without holes
/// @param at when it was appended; never before the event before it
/// @param type what it was
/// @param amount of what
public record Event(String stream, long version, Instant at, String type, long amount) {
  private record Content(Instant at, String type, long amount) {}

  private static final Codec<Content> CONTENT =
      Codec.of(
          (content, out) -> {
            Codec.instant().encode(content.at(), out);
            out.putText(content.type()).putLong(content.amount());
          },
          in -> new Content(Codec.instant().decode(in), in.takeText(), in.takeLong()));

  byte[] key() {
    return EventKey.CODEC.toBytes(new EventKey(stream, version));
  }

  byte[] value() {
    return CONTENT.toBytes(new Content(at, type, amount));
  }

  static Event of(Bytes key, Bytes value) {
    return of(EventKey.CODEC.fromBytes(key.toArray()), CONTENT.fromBytes(value.toArray()));
  }

  private static Event of(EventKey key, Content content) {
    return new Event(key.stream(), key.version(), content.at(), content.type(), content.amount());
  }
}
