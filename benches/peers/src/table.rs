//! Tables in Markdown, and what stands in their cells.

/// Prints a table: its head, and rows of as many cells.
pub fn print(head: &[&str], rows: &[Vec<String>]) {
    println!("| {} |", head.join(" | "));
    println!("|---{}|", "|---:".repeat(head.len() - 2) + "|---");
    for row in rows {
        println!("| {} |", row.join(" | "));
    }
    println!();
}

/// A time with three digits that count.
pub fn time(nanoseconds: f64) -> String {
    match nanoseconds {
        ..1e3 => digits(nanoseconds) + " ns",
        ..1e6 => digits(nanoseconds / 1e3) + " µs",
        _ => digits(nanoseconds / 1e6) + " ms",
    }
}

/// How many times as long as another.
pub fn ratio(nanoseconds: f64, of: f64) -> String {
    digits(nanoseconds / of) + " ×"
}

fn digits(number: f64) -> String {
    match number {
        ..10.0 => format!("{number:.2}"),
        ..100.0 => format!("{number:.1}"),
        _ => format!("{number:.0}"),
    }
}

/// A name with the version that Cargo.lock has of its package.
pub fn named(name: &str, package: Option<&str>) -> String {
    let Some(package) = package else { return name.to_owned() };
    let lines: Vec<&str> = include_str!("../Cargo.lock").lines().collect();
    let wanted = format!("name = \"{package}\"");
    let versions = lines.windows(2).filter(|pair| pair[0] == wanted);
    let versions = versions.filter_map(|pair| pair[1].strip_prefix("version = "));
    // Where there are several, another package wants an older one.
    let version = versions.last().expect("a dependency").trim_matches('"');
    let (first, rest) = name.split_at(name.find(',').unwrap_or(name.len()));
    format!("{first} {version}{rest}")
}
