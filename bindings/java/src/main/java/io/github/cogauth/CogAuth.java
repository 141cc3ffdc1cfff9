package io.github.cogauth;

import io.github.cogauth.internal.Function;
import io.github.cogauth.internal.Library;
import java.nio.charset.StandardCharsets;

/** What is loaded. */
public final class CogAuth {
    private CogAuth() {
    }

    /** The version of the library. */
    public static String version() {
        Library library = Library.get();
        long text = library.call(Function.VERSION);
        int length = 0;
        while (library.read(text + length, 1)[0] != 0) {
            length++;
        }
        return new String(library.read(text, length), StandardCharsets.US_ASCII);
    }

    /** {@code native}, or {@code wasm} for the WebAssembly module. */
    public static String backend() {
        return Library.get().backend();
    }

    /** The name of a code, such as {@code expired}; empty if there is no such code. */
    public static String codeName(int code) {
        return Library.get().codes().name(code);
    }

    /** What can be done about a code, as a sentence; empty if there is no such code. */
    public static String codeSentence(int code) {
        return Library.get().codes().sentence(code);
    }
}
