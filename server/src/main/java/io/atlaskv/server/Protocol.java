package io.atlaskv.server;

import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;

/// What the clients of one door speak. Behind reader and writer all of it is the same: commands,
/// latches, gates, limits.
enum Protocol {
  /// Redis' protocol, versions 2 and 3.
  RESP {
    @Override
    RequestReader newReader(Limits limits) {
      return new RequestParser(new Args(), limits.bulkBytesMax());
    }

    @Override
    ReplyWriter newWriter(NativeBuffer target) {
      return new ReplyWriter(target);
    }
  },

  /// The binary protocol of AtlasKV, first level.
  NATIVE {
    @Override
    RequestReader newReader(Limits limits) {
      return new NativeParser(new Args(), limits.bulkBytesMax());
    }

    @Override
    ReplyWriter newWriter(NativeBuffer target) {
      return new NativeReplyWriter(target);
    }
  };

  /// Reads the requests of one connection.
  abstract RequestReader newReader(Limits limits);

  /// Writes what commands answer.
  abstract ReplyWriter newWriter(NativeBuffer target);
}
