package io.atlaskv.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "4096, 4096",
    "1kb, 1024",
    "512mb, 536870912",
    "512MB, 536870912",
    "' 2gb ', 2147483648",
    "9223372036854775807, 9223372036854775807"
  })
  void unitsArePowersOf1024(String text, long bytes) {
    assertThat(ByteSize.parse(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "mb", "-1", "1.5gb", "12q", "1 mb", "0x10", "٣mb"})
  void anythingElseIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ByteSize.parse(text))
        .withMessage("must be a number of bytes, or one with kb, mb or gb");
  }

  @ParameterizedTest
  @ValueSource(strings = {"9223372036854775808", "9007199254740992kb", "99999999999gb"})
  void moreThanALongHoldsIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ByteSize.parse(text))
        .withMessage("is larger than any memory or file can be");
  }
}
