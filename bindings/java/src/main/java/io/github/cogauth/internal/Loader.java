package io.github.cogauth.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Chooses between the native library and the WebAssembly module. */
final class Loader {
    private Loader() {
    }

    static Library load() {
        String backend = System.getProperty("cogauth.backend", "");
        switch (backend) {
            case "native":
                if (!NativeLibrary.isPossible()) {
                    throw new IllegalStateException("the native library needs Java 22 or later");
                }
                Library library = nativeLibrary();
                if (library == null) {
                    throw new IllegalStateException("there is no native library for this platform;"
                            + " set COGAUTH_LIBRARY to the path of one");
                }
                return library;
            case "wasm":
                return module();
            case "":
                Library found = NativeLibrary.isPossible() ? nativeLibrary() : null;
                return found != null ? found : module();
            default:
                throw new IllegalStateException("cogauth.backend is native, wasm, or not set");
        }
    }

    /** The library that the user names, or the packaged one; null where there is neither. */
    private static Library nativeLibrary() {
        String named = setting("cogauth.library", "COGAUTH_LIBRARY");
        if (named != null) {
            return NativeLibrary.open(Path.of(named).toAbsolutePath());
        }
        try (PackagedFile file = PackagedFile.forThisPlatform()) {
            return file == null ? null : NativeLibrary.open(file.path());
        } catch (IOException failure) {
            throw new UncheckedIOException("the native library cannot be unpacked", failure);
        }
    }

    private static Library module() {
        String named = setting("cogauth.wasm", "COGAUTH_WASM");
        try (InputStream module = named != null
                ? Files.newInputStream(Path.of(named))
                : Loader.class.getResourceAsStream("cogauth.wasm")) {
            if (module == null) {
                throw new IllegalStateException("the package has no cogauth.wasm; set COGAUTH_WASM"
                        + " to the path of one");
            }
            return new WasmLibrary(module.readAllBytes());
        } catch (IOException failure) {
            throw new UncheckedIOException("the module cannot be read", failure);
        }
    }

    private static String setting(String property, String variable) {
        String value = System.getProperty(property);
        if (value == null) {
            value = System.getenv(variable);
        }
        return value == null || value.isEmpty() ? null : value;
    }
}
