package io.github.cogauth.internal;

import io.github.cogauth.CogAuthException;
import java.util.concurrent.locks.ReentrantLock;
import run.endive.runtime.ExportFunction;
import run.endive.runtime.Instance;
import run.endive.runtime.Memory;
import run.endive.wasm.Parser;

/**
 * The WebAssembly twin. An instance has one memory, so that one thread at a time uses it. Once it
 * fails it is not used again: every call then is the error 703.
 */
final class WasmLibrary extends Library {
    private final ReentrantLock lock = new ReentrantLock();
    private final ExportFunction[] functions = new ExportFunction[Function.values().length];
    private final boolean[] isNarrow = new boolean[functions.length];
    private final ExportFunction allocate;
    private final ExportFunction free;
    private final Memory memory;
    private volatile boolean isBroken;

    WasmLibrary(byte[] module) {
        Instance instance = Instance.builder(Parser.parse(module)).build();
        for (Function function : Function.values()) {
            functions[function.ordinal()] = instance.export(function.symbol());
            isNarrow[function.ordinal()] = function.result() != 'l';
        }
        allocate = instance.export("cogauth_alloc");
        free = instance.export("cogauth_free");
        memory = instance.memory();
    }

    @Override
    public String backend() {
        return "wasm";
    }

    @Override
    public int pointerSize() {
        return 4;
    }

    @Override
    public long call(Function function, long... arguments) {
        String parameters = function.parameters();
        long[] passed = arguments.clone();
        for (int index = 0; index < passed.length; index++) {
            if (parameters.charAt(index) != 'l') {
                passed[index] = (int) passed[index];
            }
        }
        long result = apply(functions[function.ordinal()], passed);
        if (!isNarrow[function.ordinal()]) {
            return result;
        }
        return function.result() == 'i' ? (int) result : result & 0xffff_ffffL;
    }

    @Override
    public int verify(long keys, byte[] token, int from, int length, long now, long[] to) {
        try (Frame frame = Frame.open(this)) {
            byte[] copy = java.util.Arrays.copyOfRange(token, from, from + length);
            long result = frame.room(Abi.TOKEN_SIZE);
            for (int index = 0; index < to.length; index++) {
                writeLong(result + 8L * index, to[index]);
            }
            int code = (int) call(Function.TOKEN_VERIFY, keys, frame.bytes(copy), length, now,
                    result, 0);
            for (int index = 0; index < to.length; index++) {
                to[index] = readLong(result + 8L * index);
            }
            return code;
        }
    }

    @Override
    public long allocate(long size) {
        // What the module cannot have, its allocator is not asked for: a size has 32 bits there.
        return size > Integer.MAX_VALUE ? 0 : apply(allocate, size) & 0xffff_ffffL;
    }

    @Override
    public void free(long address, long size) {
        if (!isBroken) {
            apply(free, (int) address, size);
        }
    }

    @Override
    public void zero(long address, long size) {
        memory.fill((byte) 0, (int) address, (int) (address + size));
    }

    @Override
    public void write(long address, byte[] bytes) {
        memory.write((int) address, bytes);
    }

    @Override
    public byte[] read(long address, int length) {
        return memory.readBytes((int) address, length);
    }

    @Override
    public int readInt(long address) {
        return memory.readInt((int) address);
    }

    @Override
    public long readLong(long address) {
        return memory.readLong((int) address);
    }

    @Override
    public void writeInt(long address, int value) {
        memory.writeI32((int) address, value);
    }

    @Override
    public void writeLong(long address, long value) {
        memory.writeLong((int) address, value);
    }

    @Override
    public void enter() {
        lock.lock();
    }

    @Override
    public void leave() {
        lock.unlock();
    }

    private long apply(ExportFunction function, long... arguments) {
        lock.lock();
        try {
            if (isBroken) {
                throw new CogAuthException(Abi.E_FAULT);
            }
            long[] results;
            try {
                results = function.apply(arguments);
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError trap) {
                isBroken = true;
                CogAuthException fault = new CogAuthException(Abi.E_FAULT);
                fault.initCause(trap);
                throw fault;
            }
            return results == null || results.length == 0 ? 0 : results[0];
        } finally {
            lock.unlock();
        }
    }
}
