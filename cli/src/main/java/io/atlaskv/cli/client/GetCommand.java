package io.atlaskv.cli.client;

import java.io.IOException;

/// `atlaskv get KEY`.
final class GetCommand extends ClientCommand {
  GetCommand() {
    super("get", "KEY", "Prints the value of a key; into a pipe its bytes and nothing else.");
  }

  @Override
  boolean isNative() {
    return true;
  }

  @Override
  int run(Arguments arguments, Terminal terminal)
      throws IOException, RefusedException, MisuseException {
    require(arguments, 1, 1);
    Bytes key = Bytes.of(arguments.words().getFirst());
    Bytes value;
    try (KeyClient client = connect(arguments)) {
      value = client.get(key);
    }
    if (arguments.has(JSON)) {
      Json json = Json.object().field("key", key).field("found", value != null);
      terminal.println((value == null ? json : json.field("value", value)).end());
    } else if (value == null) {
      terminal.err().println("atlaskv get: no such key");
    } else {
      terminal.printValue(value);
    }
    return value == null ? ClientMain.EXIT_NEGATIVE : ClientMain.EXIT_OK;
  }
}
