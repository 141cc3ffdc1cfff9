package io.github.cogauth;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The jars that a user of the package has, for programs that the tests start. */
final class Jars {
    private Jars() {
    }

    /** The package and what it needs, as a path for classes or modules. */
    static String path() {
        return String.join(File.pathSeparator, System.getProperty("cogauth.jar"),
                jar(run.endive.runtime.Instance.class), jar(run.endive.wasm.Parser.class));
    }

    /** A command of the Java that runs the tests. */
    static List<String> java(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Dcogauth.backend=" + CogAuth.backend());
        command.addAll(List.of(arguments));
        return command;
    }

    private static String jar(Class<?> within) {
        try {
            return Path.of(within.getProtectionDomain().getCodeSource().getLocation().toURI())
                    .toString();
        } catch (URISyntaxException failure) {
            throw new AssertionError(failure);
        }
    }
}
