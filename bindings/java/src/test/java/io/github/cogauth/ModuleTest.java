package io.github.cogauth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The package is a module, and Java warns of nothing when that module may call native code. */
class ModuleTest {
    @Test
    void theModuleRunsWithoutAWarning(@TempDir Path folder) throws Exception {
        Path program = folder.resolve("Show.java");
        Files.writeString(program, "public class Show { public static void main(String[] all) {"
                + " System.out.println(io.github.cogauth.CogAuth.class.getModule().getName()"
                + " + \" \" + io.github.cogauth.CogAuth.backend()); } }");
        boolean isNative = CogAuth.backend().equals("native");
        Process process = new ProcessBuilder(Jars.java(isNative
                        ? "--enable-native-access=io.github.cogauth" : "-Dnothing=",
                "--module-path", Jars.path(), "--add-modules", "io.github.cogauth",
                program.toString())).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        assertEquals("io.github.cogauth " + CogAuth.backend(), said.strip());
    }
}
