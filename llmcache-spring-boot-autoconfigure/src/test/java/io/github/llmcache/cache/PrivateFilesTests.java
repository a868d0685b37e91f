package io.github.llmcache.cache;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PrivateFiles}.
 */
@DisabledOnOs(OS.WINDOWS)
class PrivateFilesTests {

	@TempDir
	Path directory;

	@Test
	void linkToNothingIsNotTakenForAFile() throws IOException {
		Path elsewhere = this.directory.resolve("elsewhere");
		Path link = Files.createSymbolicLink(this.directory.resolve("link"), elsewhere);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> PrivateFiles.createFile(link))
			.isNotInstanceOf(FileAlreadyExistsException.class)
			.withMessageContaining("does not exist");
		assertThat(elsewhere).doesNotExist();
	}

	@Test
	void linkToAFileIsThatFile() throws IOException {
		Path elsewhere = Files.writeString(this.directory.resolve("elsewhere"), "text");
		Path link = Files.createSymbolicLink(this.directory.resolve("link"), elsewhere);
		assertThatExceptionOfType(FileAlreadyExistsException.class).isThrownBy(() -> PrivateFiles.createFile(link));
		assertThat(elsewhere).hasContent("text");
	}

	@Test
	void createdFilesAndFoldersAreTheOwnersOnly() throws IOException {
		Path folder = this.directory.resolve("a/b");
		PrivateFiles.createDirectories(folder);
		PrivateFiles.createFile(folder.resolve("file"));
		assertThat(PrivateFiles.isOpenToOthers(folder)).isFalse();
		assertThat(PrivateFiles.isOpenToOthers(this.directory.resolve("a"))).isFalse();
		assertThat(PrivateFiles.isOpenToOthers(folder.resolve("file"))).isFalse();
		assertThat(Files.isRegularFile(folder.resolve("file"), LinkOption.NOFOLLOW_LINKS)).isTrue();
	}

}
