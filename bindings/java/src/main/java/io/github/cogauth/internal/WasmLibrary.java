package io.github.cogauth.internal;

import io.github.cogauth.CogAuthException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import run.endive.compiler.MachineFactoryCompiler;
import run.endive.runtime.ExportFunction;
import run.endive.runtime.Instance;
import run.endive.runtime.Memory;
import run.endive.wasm.Parser;
import run.endive.wasm.WasmModule;

/**
 * The WebAssembly twin. An instance has one memory, so that one thread at a time uses it. It runs
 * on a thread of its own, since the runtime abandons a call whose thread is interrupted, which
 * would leave the memory in an unknown state. Once it fails it is not used again: every call then
 * is the error 703.
 */
final class WasmLibrary extends Library {
    private static final long STACK = 8L << 20;

    private final ReentrantLock lock = new ReentrantLock();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(WasmLibrary::thread);
    private final ExportFunction[] functions = new ExportFunction[Function.values().length];
    private final boolean[] isNarrow = new boolean[functions.length];
    private final ExportFunction allocate;
    private final ExportFunction free;
    private final Memory memory;
    private volatile boolean isBroken;

    WasmLibrary(byte[] module) {
        Instance instance = instance(Parser.parse(module));
        for (Function function : Function.values()) {
            functions[function.ordinal()] = instance.export(function.symbol());
            isNarrow[function.ordinal()] = function.result() != 'l';
        }
        allocate = instance.export("cogauth_alloc");
        free = instance.export("cogauth_free");
        memory = instance.memory();
    }

    /** Compiled to Java's bytecode where the user has the compiler, else interpreted. */
    private static Instance instance(WasmModule module) {
        Instance.Builder builder = Instance.builder(module);
        try {
            builder.withMachineFactory(MachineFactoryCompiler.compile(module));
        } catch (LinkageError absent) {
            // The interpreter is the default.
        }
        return builder.build();
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
            long[] results = waitFor(thread.submit(() -> function.apply(arguments)));
            return results == null || results.length == 0 ? 0 : results[0];
        } catch (ExecutionException | RejectedExecutionException trap) {
            isBroken = true;
            CogAuthException fault = new CogAuthException(Abi.E_FAULT);
            fault.initCause(trap);
            throw fault;
        } finally {
            lock.unlock();
        }
    }

    /** Waits to the end, whoever interrupts. */
    private static long[] waitFor(Future<long[]> results) throws ExecutionException {
        boolean isInterrupted = false;
        try {
            while (true) {
                try {
                    return results.get();
                } catch (InterruptedException later) {
                    isInterrupted = true;
                }
            }
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(null, work, "cog-auth", STACK);
        thread.setDaemon(true);
        return thread;
    }
}
