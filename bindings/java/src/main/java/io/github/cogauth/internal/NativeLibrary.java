package io.github.cogauth.internal;

import java.nio.file.Path;

/** Stands for the native library on a Java without the foreign function interface. */
final class NativeLibrary {
    private NativeLibrary() {
    }

    /** Whether this Java can load it. */
    static boolean isPossible() {
        return false;
    }

    static Library open(Path path) {
        throw new UnsupportedOperationException();
    }
}
