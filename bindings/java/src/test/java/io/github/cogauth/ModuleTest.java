package io.github.cogauth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The package is a module, and Java warns of nothing when that module may call native code. */
class ModuleTest {
    private static final String PROGRAM =
            "public class Show { public static void main(String[] all) {"
            + " System.out.println(io.github.cogauth.CogAuth.class.getModule().getName()"
            + " + \" \" + io.github.cogauth.CogAuth.backend()); } }";

    @Test
    void aFileThatTheUserNamesIsTaken(@TempDir Path folder) throws Exception {
        Path program = Files.writeString(folder.resolve("Show.java"), PROGRAM);
        for (String variable : new String[] {"COGAUTH_LIBRARY", "COGAUTH_WASM"}) {
            ProcessBuilder builder = new ProcessBuilder(
                    Jars.java("-cp", Jars.path(), program.toString())).redirectErrorStream(true);
            builder.environment().put(variable, folder.resolve("nothing.here").toString());
            Process process = builder.start();
            String said = new String(process.getInputStream().readAllBytes(),
                    StandardCharsets.UTF_8);
            boolean isMeant = variable.equals("COGAUTH_WASM") == CogAuth.backend().equals("wasm");
            assertEquals(isMeant, process.waitFor() != 0, said);
            assertEquals(isMeant, said.contains("nothing.here"), said);
            assertEquals(isMeant, said.contains("the cog-auth library cannot be loaded"), said);
        }
    }

    @Test
    void theModuleRunsWithoutAWarning(@TempDir Path folder) throws Exception {
        Path program = Files.writeString(folder.resolve("Show.java"), PROGRAM);
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
