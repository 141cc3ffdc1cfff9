package io.github.cogauth.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The native library of the package, unpacked where the system can load it from. */
final class PackagedFile implements AutoCloseable {
    private final Path folder;
    private final Path path;

    private PackagedFile(Path folder, Path path) {
        this.folder = folder;
        this.path = path;
    }

    /** The file for this platform, null where the package has none. */
    static PackagedFile forThisPlatform() throws IOException {
        String name = nameFor(System.getProperty("os.name"), System.getProperty("os.arch"));
        if (name == null) {
            return null;
        }
        try (InputStream packaged = PackagedFile.class.getResourceAsStream("native/" + name)) {
            if (packaged == null) {
                return null;
            }
            // The folder is its owner's alone, so that nobody can put another file in its place.
            Path folder = Files.createTempDirectory("cogauth");
            Path path = folder.resolve(name.substring(name.indexOf('/') + 1));
            Files.copy(packaged, path);
            return new PackagedFile(folder, path);
        }
    }

    Path path() {
        return path;
    }

    /** Removes the file: what was loaded stays. Where the system forbids that, it goes at exit. */
    @Override
    public void close() {
        try {
            Files.delete(path);
            Files.delete(folder);
        } catch (IOException inUse) {
            folder.toFile().deleteOnExit();
            path.toFile().deleteOnExit();
        }
    }

    static String nameFor(String system, String architecture) {
        String os = system.toLowerCase(Locale.ROOT);
        boolean isX64 = architecture.equals("amd64") || architecture.equals("x86_64");
        if (os.startsWith("linux") && isX64) {
            return "x86_64-unknown-linux-gnu/libcogauth.so";
        }
        if (os.startsWith("linux") && architecture.equals("aarch64")) {
            return "aarch64-unknown-linux-gnu/libcogauth.so";
        }
        if (os.startsWith("windows") && isX64) {
            return "x86_64-pc-windows-gnu/cogauth.dll";
        }
        return null;
    }
}
