package io.github.cogauth.internal;

/**
 * The loaded library: its functions, and the memory that they share with Java. Addresses and sizes
 * are {@code long} everywhere.
 */
public abstract class Library {
    private final ScratchPool scratch = new ScratchPool();
    private Codes codes;

    /** The library of this process. It is loaded when it is first used. */
    public static Library get() {
        Library library = Loaded.LIBRARY;
        if (library == null) {
            throw new IllegalStateException("the cog-auth library cannot be loaded: "
                    + Loaded.failure, Loaded.failure);
        }
        return library;
    }

    /** {@code native} or {@code wasm}. */
    public abstract String backend();

    /** How many bytes a pointer and a {@code size_t} have. */
    public abstract int pointerSize();

    /** Calls a function. A result of 32 bits is extended with its sign, nothing is 0. */
    public abstract long call(Function function, long... arguments);

    /** Zeroed memory, aligned to 16, or 0 if there is not enough. */
    public abstract long allocate(long size);

    public abstract void free(long address, long size);

    public abstract void zero(long address, long size);

    public abstract void write(long address, byte[] bytes);

    public abstract byte[] read(long address, int length);

    public abstract int readInt(long address);

    public abstract long readLong(long address);

    public abstract void writeInt(long address, int value);

    public abstract void writeLong(long address, long value);

    /** Begins what no other thread may come between, where the library needs that. */
    public abstract void enter();

    public abstract void leave();

    /**
     * Verifies a token into a {@code cogauth_token}, whose size is set. It answers a code, which
     * need not be the right one of several, and makes no garbage where the library is native.
     */
    public abstract int verify(long keys, byte[] token, int from, int length, long now, long[] to);

    public final long readPointer(long address) {
        return pointerSize() == 8 ? readLong(address) : Integer.toUnsignedLong(readInt(address));
    }

    public final void writePointer(long address, long value) {
        if (pointerSize() == 8) {
            writeLong(address, value);
        } else {
            writeInt(address, (int) value);
        }
    }

    /** Names and sentences of codes. */
    public final Codes codes() {
        return codes;
    }

    final ScratchPool scratch() {
        return scratch;
    }

    /** Refuses a library of another ABI, and one that lacks what this package calls. */
    final Library checked() {
        int version = (int) call(Function.ABI_VERSION);
        int major = version >>> 16;
        int minor = version & 0xffff;
        if (major != Abi.ABI_MAJOR || minor < Abi.ABI_MINOR) {
            throw new IllegalStateException("the cog-auth library has ABI " + major + "." + minor
                    + ", and this package needs " + Abi.ABI_MAJOR + "." + Abi.ABI_MINOR);
        }
        if ((call(Function.FEATURES) & Abi.FEATURE_FULL) == 0) {
            throw new IllegalStateException("the cog-auth library is the small build; this package"
                    + " needs the full one");
        }
        codes = new Codes(this);
        return this;
    }

    /** Every use is told why the library cannot be loaded, and not the first one alone. */
    private static final class Loaded {
        static final Library LIBRARY = load();
        static Throwable failure;

        private static Library load() {
            try {
                return Loader.load().checked();
            } catch (Exception | LinkageError cause) {
                failure = cause;
                return null;
            }
        }
    }
}
