package io.github.cogauth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example is started as its reader would, and called over a socket. */
class ExampleTest {
    @Test
    void theExampleServesWhatIsAllowed(@TempDir Path folder) throws Exception {
        Path record = copy("records/AAAABBBBCCCC.json", folder);
        Path facts = copy("facts/su_ci.json", folder);
        copy("keys.json", folder);
        Process server = new ProcessBuilder(Jars.java("-cp", Jars.path(), "example/Server.java",
                "0", folder.toString())).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader said = server.inputReader()) {
            int port = URI.create(said.readLine()).getPort();
            String good = "Authorization: " + Inputs.AUTHORIZATION;
            String refused = RawHttp.call(port, "GET", Inputs.TARGET);
            assertEquals(401, RawHttp.status(refused));
            assertTrue(refused.contains("\"code\":\"missing_credential\""), refused);
            String allowed = RawHttp.call(port, "GET", Inputs.TARGET, good);
            assertEquals(200, RawHttp.status(allowed), allowed);
            assertTrue(allowed.endsWith("su_ci may ViewOrgSessions\n"), allowed);
            assertTrue(said.readLine().contains("\"outcome\":\"allowed\""));
            Files.writeString(facts, Files.readString(facts).replace("\"org_admin\"", ""));
            assertEquals(403, RawHttp.status(RawHttp.call(port, "GET", Inputs.TARGET, good)));
            Files.delete(record);
            assertEquals(401, RawHttp.status(RawHttp.call(port, "GET", Inputs.TARGET, good)));
            Files.delete(folder.resolve("records"));
            assertEquals(503, RawHttp.status(RawHttp.call(port, "GET", Inputs.TARGET, good)));
        } finally {
            server.destroy();
        }
    }

    private static Path copy(String name, Path folder) throws IOException {
        Path to = folder.resolve(name);
        Files.createDirectories(to.getParent());
        return Files.copy(Path.of("example/data").resolve(name), to);
    }
}
