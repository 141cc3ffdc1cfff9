package io.github.cogauth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The versions and names that are said in several places are the same. */
class VersionTest {
    @Test
    void packageAndLibraryHaveTheVersionOfTheWorkspace() throws Exception {
        String workspace = Files.readString(Inputs.BINDINGS.resolve("../Cargo.toml"));
        Matcher version = Pattern.compile("\nversion = \"([^\"]+)\"").matcher(workspace);
        assertTrue(version.find());
        assertEquals(version.group(1), CogAuth.version());
        Matcher pom = Pattern.compile("<artifactId>cog-auth</artifactId>\\s*<version>([^<]+)<")
                .matcher(Files.readString(Path.of("pom.xml")));
        assertTrue(pom.find());
        assertEquals(version.group(1), pom.group(1));
    }

    @Test
    void theBackendIsTheOneUnderTest() {
        assertEquals(System.getProperty("cogauth.backend"), CogAuth.backend());
    }

    @Test
    void theManifestSaysWhatJavaNeeds() throws Exception {
        try (JarFile jar = new JarFile(System.getProperty("cogauth.jar"))) {
            Manifest manifest = jar.getManifest();
            assertTrue(jar.isMultiRelease());
            assertEquals("ALL-UNNAMED",
                    manifest.getMainAttributes().getValue("Enable-Native-Access"));
        }
    }

    @Test
    void codesHaveTheNamesOfTheLibrary() {
        assertEquals("expired", CogAuth.codeName(114));
        assertEquals("this was freed; load it again", CogAuth.codeSentence(702));
        assertEquals("", CogAuth.codeName(1));
    }
}
