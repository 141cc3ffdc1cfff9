//! What a build without a standard library brings itself: memory, and an end for a panic.

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

#[cfg(not(target_arch = "wasm32"))]
#[global_allocator]
static ALLOCATOR: libc::Malloc = libc::Malloc;

/// The process ends, or the module traps: nothing was decided.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    #[cfg(target_arch = "wasm32")]
    core::arch::wasm32::unreachable();
    #[cfg(not(target_arch = "wasm32"))]
    libc::end()
}

#[cfg(not(target_arch = "wasm32"))]
mod libc {
    //! The few functions of libc that are needed.

    use core::alloc::{GlobalAlloc, Layout};
    use core::ffi::c_void;

    unsafe extern "C" {
        fn malloc(size: usize) -> *mut c_void;
        fn calloc(count: usize, size: usize) -> *mut c_void;
        fn realloc(memory: *mut c_void, size: usize) -> *mut c_void;
        fn free(memory: *mut c_void);
        fn abort() -> !;
    }

    pub(super) fn end() -> ! {
        // SAFETY: it takes nothing and does not come back.
        unsafe { abort() }
    }

    /// The host's own memory, so that its tools see what the library allocates.
    pub(super) struct Malloc;

    /// What `malloc` aligns to on every platform that this is built for.
    const ALIGNED: usize = 2 * size_of::<usize>();

    // SAFETY: blocks of a larger alignment are refused, all others come from libc as they are.
    unsafe impl GlobalAlloc for Malloc {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            if layout.align() > ALIGNED {
                return core::ptr::null_mut();
            }
            // SAFETY: any size can be asked for.
            unsafe { malloc(layout.size()) }.cast::<u8>()
        }

        unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
            if layout.align() > ALIGNED {
                return core::ptr::null_mut();
            }
            // SAFETY: any size can be asked for.
            unsafe { calloc(1, layout.size()) }.cast::<u8>()
        }

        unsafe fn realloc(&self, block: *mut u8, _: Layout, size: usize) -> *mut u8 {
            // SAFETY: the block came from `malloc`, with an alignment that it always has.
            unsafe { realloc(block.cast::<c_void>(), size) }.cast::<u8>()
        }

        unsafe fn dealloc(&self, block: *mut u8, _: Layout) {
            // SAFETY: the block came from `malloc`.
            unsafe { free(block.cast::<c_void>()) }
        }
    }
}
