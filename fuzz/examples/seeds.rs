//! Writes the seeds to `fuzz/corpus/<target>/`, named by their checksums; what is there stays.
#![allow(clippy::print_stdout, reason = "a command")]

use std::error::Error;
use std::fs;

fn main() -> Result<(), Box<dyn Error>> {
    let mut seeds = cog_auth_fuzz::seeds::all();
    for (target, _, longest) in cog_auth_fuzz::TARGETS {
        // A longer one would be cut, and mean nothing then.
        let inputs = seeds.remove(target).unwrap_or_default().into_iter();
        let inputs: Vec<_> = inputs.filter(|input| input.len() <= longest).collect();
        let folder = cog_auth_fuzz::root().join("fuzz/corpus").join(target);
        fs::create_dir_all(&folder)?;
        println!("{target}: {} seeds", inputs.len());
        for input in inputs {
            fs::write(folder.join(format!("seed-{:08x}", crc32fast::hash(&input))), input)?;
        }
    }
    Ok(())
}
