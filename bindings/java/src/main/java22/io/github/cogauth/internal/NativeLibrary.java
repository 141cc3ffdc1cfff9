package io.github.cogauth.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Path;

/** The native library, through the foreign function interface of Java 22. */
final class NativeLibrary extends Library {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final MethodHandle CALLOC = LINKER.downcallHandle(
            LINKER.defaultLookup().find("calloc").orElseThrow(),
            FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG));
    private static final MethodHandle FREE = LINKER.downcallHandle(
            LINKER.defaultLookup().find("free").orElseThrow(),
            FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG));

    /** The longest text that is verified without garbage: more than any token has. */
    private static final int LONGEST = 4096;

    /** What {@link #verify} calls, where the compiler can see it: set before that class is used. */
    private static MemorySegment verifier;

    private final MemorySegment[] symbols = new MemorySegment[Function.values().length];
    /** What was called before. Linking takes milliseconds, so that nothing is linked in advance. */
    private final MethodHandle[] functions = new MethodHandle[symbols.length];

    private NativeLibrary(SymbolLookup lookup) {
        for (Function function : Function.values()) {
            symbols[function.ordinal()] = lookup.find(function.symbol()).orElseThrow(() ->
                    new IllegalStateException("the cog-auth library lacks " + function.symbol()));
        }
        verifier = lookup.find(Function.TOKEN_VERIFY.symbol()).orElseThrow();
    }

    /** Whether this Java can load it. */
    static boolean isPossible() {
        return ValueLayout.ADDRESS.byteSize() == 8;
    }

    static Library open(Path path) {
        return new NativeLibrary(SymbolLookup.libraryLookup(path, Arena.global()));
    }

    @Override
    public String backend() {
        return "native";
    }

    @Override
    public int pointerSize() {
        return 8;
    }

    @Override
    public long call(Function function, long... arguments) {
        try {
            MethodHandle handle = functions[function.ordinal()];
            if (handle == null) {
                handle = link(function);
            }
            return (long) handle.invokeExact(arguments);
        } catch (Throwable failure) {
            throw thrown(failure);
        }
    }

    /**
     * Copies the token, and lets nothing become an object. Heap segments would save the copy, but
     * whether they are allocated is up to the compiler, which does it where other code used
     * segments in other ways before.
     */
    @Override
    public int verify(long keys, byte[] token, int from, int length, long now, long[] to) {
        if (length > LONGEST) {
            return Abi.E_WRONG_LENGTH;
        }
        long block = scratch().take(this);
        if (block == 0) {
            return Abi.E_OUT_OF_MEMORY;
        }
        long result = block + LONGEST;
        try {
            MemorySegment.copy(token, from, MEMORY, ValueLayout.JAVA_BYTE, block, length);
            for (int index = 0; index < to.length; index++) {
                MEMORY.set(LONG, result + 8L * index, to[index]);
            }
            int code = (int) Verifier.VERIFY.invokeExact(
                    keys, block, (long) length, now, result, 0L);
            for (int index = 0; index < to.length; index++) {
                to[index] = MEMORY.get(LONG, result + 8L * index);
            }
            return code;
        } catch (Throwable failure) {
            throw thrown(failure);
        } finally {
            for (int place = 0; place < length; place += 8) {
                MEMORY.set(LONG, block + place, 0L);
            }
            for (int index = 0; index < to.length; index++) {
                MEMORY.set(LONG, result + 8L * index, 0L);
            }
            scratch().give(this, block);
        }
    }

    @Override
    public long allocate(long size) {
        try {
            return (long) CALLOC.invokeExact(1L, size);
        } catch (Throwable failure) {
            throw thrown(failure);
        }
    }

    @Override
    public void free(long address, long size) {
        try {
            FREE.invokeExact(address);
        } catch (Throwable failure) {
            throw thrown(failure);
        }
    }

    @Override
    public void zero(long address, long size) {
        MEMORY.asSlice(address, size).fill((byte) 0);
    }

    @Override
    public void write(long address, byte[] bytes) {
        MemorySegment.copy(bytes, 0, MEMORY, ValueLayout.JAVA_BYTE, address, bytes.length);
    }

    @Override
    public byte[] read(long address, int length) {
        byte[] bytes = new byte[length];
        MemorySegment.copy(MEMORY, ValueLayout.JAVA_BYTE, address, bytes, 0, length);
        return bytes;
    }

    @Override
    public int readInt(long address) {
        return MEMORY.get(INT, address);
    }

    @Override
    public long readLong(long address) {
        return MEMORY.get(LONG, address);
    }

    @Override
    public void writeInt(long address, int value) {
        MEMORY.set(INT, address, value);
    }

    @Override
    public void writeLong(long address, long value) {
        MEMORY.set(LONG, address, value);
    }

    /** Any number of threads may call it at once. */
    @Override
    public void enter() {
    }

    @Override
    public void leave() {
    }

    /** Two threads may do it at once, with the same result: handles are safe to publish so. */
    private MethodHandle link(Function function) {
        MethodHandle handle = spread(
                LINKER.downcallHandle(symbols[function.ordinal()], shape(function)));
        functions[function.ordinal()] = handle;
        return handle;
    }

    private static FunctionDescriptor shape(Function function) {
        MemoryLayout[] parameters = function.parameters().chars()
                .mapToObj(letter -> layout((char) letter)).toArray(MemoryLayout[]::new);
        return function.result() == 'v'
                ? FunctionDescriptor.ofVoid(parameters)
                : FunctionDescriptor.of(layout(function.result()), parameters);
    }

    /** A pointer is passed as the number that it is. */
    private static MemoryLayout layout(char letter) {
        return letter == 'i' ? ValueLayout.JAVA_INT : ValueLayout.JAVA_LONG;
    }

    /** A call of its parameters as an array of {@code long}. */
    private static MethodHandle spread(MethodHandle handle) {
        int count = handle.type().parameterCount();
        MethodType longs = MethodType.genericMethodType(count).changeReturnType(long.class);
        for (int index = 0; index < count; index++) {
            longs = longs.changeParameterType(index, long.class);
        }
        return MethodHandles.explicitCastArguments(handle, longs).asSpreader(long[].class, count);
    }

    /** The library throws nothing: what arrives here is Java's own. */
    private static RuntimeException thrown(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
        throw new IllegalStateException(failure);
    }

    /** Verifying is short and calls nothing back, so the thread need not leave Java for it. */
    private static final class Verifier {
        static final MethodHandle VERIFY = LINKER.downcallHandle(
                verifier, shape(Function.TOKEN_VERIFY), Linker.Option.critical(false));
    }
}
