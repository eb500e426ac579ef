package io.atlaskv.cli.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
  @TempDir Path directory;

  @Test
  void anOldJavaATinyMachineAndFewDescriptorsAreTold() {
    assertThat(MachineDoctor.java(25, "HotSpot").isFine()).isTrue();
    assertThat(MachineDoctor.java(21, "HotSpot").advice()).contains("JDK 25");
    assertThat(MachineDoctor.memory(1L << 30)).isEqualTo(Diagnosis.fine("memory", "1.0 GiB"));
    assertThat(MachineDoctor.memory(100 << 20).advice()).contains("memory-limit");
    assertThat(MachineDoctor.descriptors(1024).advice()).contains("ulimit -n 11000");
    assertThat(MachineDoctor.descriptors(Long.MAX_VALUE).found()).isEqualTo("no limit");
    assertThat(MachineDoctor.clock(Instant.EPOCH).advice()).contains("expire");
  }

  @Test
  void theLimitOfOpenFilesIsTheSoftOne() {
    assertThat(
            MachineDoctor.openFilesMax(
                List.of(
                    "Limit                     Soft Limit           Hard Limit           Units",
                    "Max open files            1024                 524288               files")))
        .isEqualTo(1024);
    assertThat(MachineDoctor.openFilesMax(List.of("Max open files unlimited unlimited files")))
        .isEqualTo(Long.MAX_VALUE);
    assertThat(MachineDoctor.openFilesMax(List.of())).isEqualTo(-1);
  }

  @Test
  void fileSystemsThatLoseDataAreTold() {
    assertThat(DirectoryDoctor.fileSystem("ext4").isFine()).isTrue();
    assertThat(DirectoryDoctor.fileSystem("tmpfs").advice()).contains("lost");
    assertThat(DirectoryDoctor.fileSystem("nfs4").advice()).contains("local disk");
    assertThat(DirectoryDoctor.space(3L << 30, 2L << 30).isFine()).isTrue();
    assertThat(DirectoryDoctor.space(3L << 30, 4L << 30).isFine()).isFalse();
  }

  @Test
  void aMissingDirectoryAndAFileOfTheFutureAreTold() throws IOException {
    assertThat(DirectoryDoctor.examine(directory.resolve("none")))
        .singleElement()
        .satisfies(found -> assertThat(found.found()).endsWith("none is not there"));
    Path file = Files.createFile(directory.resolve("CURRENT"));
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plus(Duration.ofDays(1))));
    assertThat(DirectoryDoctor.examine(directory))
        .anyMatch(found -> found.what().equals("times") && !found.isFine())
        .anyMatch(found -> found.what().equals("store") && found.advice().contains("verify"));
  }

  @Test
  void settingsThatContradictEachOtherAreTold() throws IOException {
    Path file = directory.resolve("a.conf");
    Files.writeString(file, "memory-limit 64mb\nblock-cache-size 100mb\n");
    assertThat(SettingsDoctor.examine(file.toString()))
        .singleElement()
        .satisfies(found -> assertThat(found.found()).contains("memory-limit is 64.0 MiB"));
    Files.writeString(file, "prot 1\n");
    assertThat(SettingsDoctor.examine(file.toString()))
        .singleElement()
        .satisfies(found -> assertThat(found.found()).contains("prot"));
    Files.writeString(file, "port 7000\n");
    assertThat(SettingsDoctor.examine(file.toString())).allMatch(Diagnosis::isFine);
  }
}
