//! The Lua package: its tests, with a real nginx, and its benchmark.

use crate::needs::{Need, need};
use crate::run::{command, run_command, works};
use std::error::Error;
use std::path::Path;

pub(crate) const NEEDS: &[Need] = &[need(
    "LuaJIT, its cjson, and nginx with Lua",
    || {
        works("luajit -lcjson -e os.exit(0)")
            && works("nginx -v")
            && Path::new("/usr/lib/nginx/modules/ngx_http_lua_module.so").exists()
    },
    // nginx's module needs the library of luajit2, which takes the place of the package luajit.
    "apt-get install --yes nginx libnginx-mod-http-lua luajit2 lua-cjson",
)];

/// Tests the package, and the example in nginx.
pub(crate) fn test() -> Result<(), Box<dyn Error>> {
    run_command("lua", &mut command("luajit bindings/lua/tests/run.lua")?)
}

/// Prints the rows of the benchmark, and nothing else.
pub(crate) fn bench() -> Result<(), Box<dyn Error>> {
    let status = command("luajit bindings/lua/bench/run.lua")?.status()?;
    if status.success() { Ok(()) } else { Err("the benchmark of Lua failed".into()) }
}
