package io.atlaskv.cli.client;

import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;

/// `atlaskv del KEY...`.
final class DelCommand extends ClientCommand {
  DelCommand() {
    super(
        "del",
        "KEY...",
        "Deletes keys and prints how many of them were there (the native port does not say).");
  }

  @Override
  boolean isNative() {
    return true;
  }

  @Override
  int run(Arguments arguments, Terminal terminal)
      throws IOException, RefusedException, MisuseException {
    require(arguments, 1, Integer.MAX_VALUE);
    List<Bytes> keys = arguments.words().stream().map(Bytes::of).toList();
    OptionalLong deleted;
    try (KeyClient client = connect(arguments)) {
      deleted = client.delete(keys);
    }
    if (arguments.has(JSON)) {
      Json json = Json.object();
      terminal.println(
          (deleted.isPresent()
                  ? json.field("deleted", deleted.getAsLong())
                  : json.nothing("deleted"))
              .end());
    } else {
      terminal.println(deleted.isPresent() ? Long.toString(deleted.getAsLong()) : "OK");
    }
    return deleted.orElse(1) > 0 ? ClientMain.EXIT_OK : ClientMain.EXIT_NEGATIVE;
  }
}
