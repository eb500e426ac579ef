package io.atlaskv.cli.client;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Keys through the native door: `docs/protocol/native.md`, level 1.
final class NativeKeyClient implements KeyClient {
  private static final int GET = 0x01;
  private static final int PUT = 0x02;
  private static final int DELETE = 0x03;
  private static final int PING = 0x04;

  private static final int OK = 0x00;
  private static final int NOT_FOUND = 0x01;
  private static final int ERROR = 0x02;

  private static final int PAYLOAD_BYTES_MAX = 16 * 1024 * 1024;
  private static final Bytes NOTHING = Bytes.of("");

  private final Socket socket;
  private final DataInputStream input;
  private final DataOutputStream output;

  NativeKeyClient(Endpoint endpoint) throws IOException {
    socket = endpoint.connect();
    input = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    output = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
  }

  @Override
  public @Nullable Bytes get(Bytes key) throws IOException, RefusedException {
    return call(GET, key, NOTHING);
  }

  @Override
  public void put(Bytes key, Bytes value) throws IOException, RefusedException {
    call(PUT, key, value);
  }

  @Override
  public OptionalLong delete(List<Bytes> keys) throws IOException, RefusedException {
    for (Bytes key : keys) {
      call(DELETE, key, NOTHING);
    }
    return OptionalLong.empty();
  }

  @Override
  public void ping() throws IOException, RefusedException {
    output.writeByte(PING);
    output.writeInt(0);
    answer();
  }

  private @Nullable Bytes call(int opcode, Bytes key, Bytes value)
      throws IOException, RefusedException {
    long length = (long) Integer.BYTES + key.length() + value.length();
    if (length > PAYLOAD_BYTES_MAX) {
      throw new RefusedException(
          "key and value have "
              + length
              + " bytes, the native protocol takes "
              + PAYLOAD_BYTES_MAX);
    }
    output.writeByte(opcode);
    output.writeInt((int) length);
    output.writeInt(key.length());
    output.write(key.array());
    output.write(value.array());
    return answer();
  }

  private @Nullable Bytes answer() throws IOException, RefusedException {
    output.flush();
    int status = input.readUnsignedByte();
    int length = input.readInt();
    if (status > ERROR || length < 0 || length > PAYLOAD_BYTES_MAX) {
      throw new IOException("the server does not speak the native protocol");
    }
    var payload = new byte[length];
    input.readFully(payload);
    return switch (status) {
      case OK -> Bytes.of(payload);
      case NOT_FOUND -> null;
      default -> throw new RefusedException(new String(payload, StandardCharsets.UTF_8));
    };
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
