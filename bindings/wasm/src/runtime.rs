//! What a module without a standard library brings itself.

/// Small. No block grows in place, which would take more code than it saves time.
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// The caller gets a `WebAssembly.RuntimeError`, and the package makes a new instance.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

#[cfg(feature = "faults")]
pub(crate) fn fault(kind: u32) {
    match kind {
        1 => {
            let mut all = alloc::vec::Vec::new();
            loop {
                all.push(core::hint::black_box(alloc::vec![1_u8; 1_000_000]));
            }
        }
        2 => {
            core::hint::black_box(deeper(1));
        }
        _ => core::arch::wasm32::unreachable(),
    }
}

#[cfg(feature = "faults")]
#[expect(unconditional_recursion, reason = "it is there to use up the stack")]
fn deeper(depth: u64) -> u64 {
    let frame = core::hint::black_box([depth; 64]);
    deeper(depth.wrapping_add(1)).wrapping_add(frame.iter().sum())
}
