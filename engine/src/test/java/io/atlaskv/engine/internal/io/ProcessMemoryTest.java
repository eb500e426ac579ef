package io.atlaskv.engine.internal.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessMemoryTest {
  @Test
  void theKernelsLineIsRead() {
    var status = List.of("VmPeak:\t 5242880 kB", "VmRSS:\t    1234 kB", "RssAnon:\t  1000 kB");
    assertEquals(1234 * 1024, ProcessMemory.resident(status));
    assertEquals(0, ProcessMemory.resident(List.of("VmPeak:\t 5242880 kB")));
    assertEquals(0, ProcessMemory.resident(List.of("VmRSS:")));
  }

  @Test
  void thisProcessIsLargerThanItsUsedHeap() {
    assumeTrue(Files.exists(Path.of("/proc/self/status")), "no kernel that says");
    var runtime = Runtime.getRuntime();
    long usedHeap = runtime.totalMemory() - runtime.freeMemory();
    assertThat(ProcessMemory.residentBytes()).isGreaterThan(usedHeap / 2);
  }
}
