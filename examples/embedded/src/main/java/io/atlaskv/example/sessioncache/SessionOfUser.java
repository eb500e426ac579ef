package io.atlaskv.example.sessioncache;

import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.OrderedCodec;
import io.atlaskv.engine.api.Range;
import java.util.UUID;

/// Key of the index: all sessions of a user are neighbours.
record SessionOfUser(String user, UUID token) {
  static final OrderedCodec<SessionOfUser> CODEC =
      Codec.tuple(
          Codec.field(Codec.utf8(), SessionOfUser::user),
          Codec.field(Codec.uuid(), SessionOfUser::token),
          SessionOfUser::new);

  byte[] key() {
    return CODEC.toBytes(this);
  }

  static Range all(String user) {
    return Range.prefix(Codec.utf8().delimited().toBytes(user));
  }
}
