package io.atlaskv.example.eventstore;

import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.OrderedCodec;
import io.atlaskv.engine.api.Range;

/// Events of a stream are neighbours, in the order of their versions.
record EventKey(String stream, long version) {
  static final OrderedCodec<EventKey> CODEC =
      Codec.tuple(
          Codec.field(Codec.utf8(), EventKey::stream),
          Codec.field(Codec.int64(), EventKey::version),
          EventKey::new);

  static Range all(String stream) {
    return Range.prefix(Codec.utf8().delimited().toBytes(stream));
  }
}
