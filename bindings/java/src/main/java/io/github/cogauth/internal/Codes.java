package io.github.cogauth.internal;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Names and sentences of codes, as the library has them. Those that this package raises itself are
 * asked for in advance, so that they can be told where the library has failed.
 */
public final class Codes {
    private static final int[] RAISED = {
        Abi.E_UNKNOWN_KIND, Abi.E_INVALID_UNICODE, Abi.E_INVALID_ARGUMENT, Abi.E_FREED, Abi.E_FAULT,
        Abi.E_WRONG_STEP, Abi.E_OUT_OF_MEMORY,
    };

    private final Library library;
    private final Map<Integer, String> names = new HashMap<>();
    private final Map<Integer, String> sentences = new HashMap<>();

    Codes(Library library) {
        this.library = library;
        for (int code : RAISED) {
            names.put(code, ask(Function.CODE_NAME, code));
            sentences.put(code, ask(Function.CODE_SENTENCE, code));
        }
    }

    /** The name of a code, empty if there is no such code. */
    public String name(int code) {
        String name = names.get(code);
        return name != null ? name : ask(Function.CODE_NAME, code);
    }

    /** What can be done about a code, empty if there is no such code. */
    public String sentence(int code) {
        String sentence = sentences.get(code);
        return sentence != null ? sentence : ask(Function.CODE_SENTENCE, code);
    }

    private String ask(Function function, int code) {
        try (Frame frame = Frame.open(library)) {
            long length = frame.room(library.pointerSize());
            long text = library.call(function, code, length);
            int bytes = (int) library.readPointer(length);
            return text == 0 ? "" : new String(library.read(text, bytes), StandardCharsets.UTF_8);
        }
    }
}
