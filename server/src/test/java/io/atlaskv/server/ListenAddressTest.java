package io.atlaskv.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ListenAddressTest {
  @Test
  void eachWordIsAnAddressThatMayBeOptional() {
    assertThat(ListenAddress.parse("127.0.0.1 -::1"))
        .containsExactly(new ListenAddress("127.0.0.1", false), new ListenAddress("::1", true));
    assertThat(ListenAddress.parse("")).isEmpty();
  }

  @Test
  void oneSocketServesAllAddresses() {
    var all = new ListenAddress("", false);
    assertThat(ListenAddress.parse("* -::*")).containsExactly(all);
    assertThat(ListenAddress.parse("0.0.0.0")).containsExactly(all);
    assertThat(ListenAddress.parse("127.0.0.1 *")).containsExactly(all);
  }

  @Test
  void aDoorWithOneSocketPassesOverWhatMayBeMissing() {
    assertThat(ListenAddress.candidates("* -::*")).containsExactly(new ListenAddress("", false));
    assertThat(ListenAddress.candidates("")).containsExactly(new ListenAddress("127.0.0.1", false));
    assertThat(ListenAddress.candidates("-::1 127.0.0.1 127.0.0.2"))
        .containsExactly(new ListenAddress("::1", true), new ListenAddress("127.0.0.1", false));
    assertThat(ListenAddress.candidates("-::1")).containsExactly(new ListenAddress("::1", true));
  }
}
