//! cog-auth beside its peers: prints the tables that the README shows. `README.md` says how they
//! are made.

mod decisions;
mod machine;
mod measure;
mod table;
mod tokens;
mod world;

use measure::Work;
use tokens::Asked;
use world::Shape;

/// Rounds in which each row has a turn; fewer where a single decision may take milliseconds.
const ROUNDS: usize = 51;
const ROUNDS_OF_MANY_RULES: usize = 11;

const RULES: [usize; 4] = [10, 1_000, 10_000, 100_000];

/// The row that all others are compared with, in both lists.
const OURS: usize = 1;

fn main() {
    println!("{}\n", machine::facts());
    six_rules();
    many_rules(Shape::OnActions, "one action a rule");
    many_rules(Shape::OnDocuments, "all rules on one action, each for one resource");
    verification();
}

fn six_rules() {
    let (cases, grid) = (world::cases(), world::grid());
    let mut works = Vec::new();
    for peer in decisions::PEERS {
        for make in [peer.ready, peer.from_text] {
            let decide = make(&grid);
            for (index, request) in grid.iter().enumerate() {
                let answer = decide(index);
                assert_eq!(answer, request.is_allowed(), "{}: {request:?}", peer.name);
            }
            let (decide, count) = (make(&cases), cases.len());
            let run = move || (0..count).fold(false, |some, index| some | decide(index));
            works.push(Work { run: Box::new(run), counts: 6 });
        }
    }
    println!("All agree on {} requests.\n", grid.len());
    let times = measure::interleaved(&works, ROUNDS);
    let columns: Vec<&[f64]> = times.chunks(2).collect();
    let row = |(peer, times): (&decisions::Peer, &&[f64])| {
        let mut row = vec![table::named(peer.name, peer.package)];
        for (time, ours) in times.iter().zip(columns[OURS]) {
            row.extend([table::time(*time), table::ratio(*time, *ours)]);
        }
        row.push(peer.note.to_owned());
        row
    };
    table::print(
        &["a decision by six rules", "request ready", "", "from JSON text", "", ""],
        &decisions::PEERS.iter().zip(&columns).map(row).collect::<Vec<_>>(),
    );
}

fn many_rules(shape: Shape, title: &str) {
    let mut columns = Vec::new();
    for count in RULES {
        let mut works = Vec::new();
        let measured = || decisions::PEERS.iter().filter(|peer| peer.most_rules >= count);
        for peer in measured() {
            let decide = (peer.rules)(shape, count);
            assert!(decide(0) && !decide(1), "{} with {count} rules", peer.name);
            let run = move || decide(0) | decide(1);
            works.push(Work { run: Box::new(run), counts: 2 });
        }
        let times = measure::interleaved(&works, ROUNDS_OF_MANY_RULES);
        columns.push(measured().map(|peer| peer.name).zip(times).collect::<Vec<_>>());
    }
    let row = |peer: &decisions::Peer| {
        let mut row = vec![table::named(peer.name, peer.package)];
        for column in &columns {
            let time = column.iter().find(|(name, _)| *name == peer.name);
            row.push(time.map_or_else(|| String::from("–"), |(_, time)| table::time(*time)));
        }
        row.push(peer.note_on_many_rules.to_owned());
        row
    };
    table::print(
        &[title, "10", "1,000", "10,000", "100,000", ""],
        &decisions::PEERS.iter().map(row).collect::<Vec<_>>(),
    );
}

fn verification() {
    let mut works = Vec::new();
    for peer in tokens::PEERS {
        let verify = (peer.verify)();
        assert!(verify(Asked::Genuine), "{}: genuine", peer.name);
        assert!(!verify(Asked::Forged), "{}: forged", peer.name);
        works.push(Work { run: Box::new(move || verify(Asked::Genuine)), counts: 1 });
    }
    let times = measure::interleaved(&works, ROUNDS);
    let row = |(peer, time): (&tokens::Peer, &f64)| {
        vec![
            table::named(peer.name, peer.package),
            table::time(*time),
            table::ratio(*time, times[OURS]),
            peer.note.to_owned(),
        ]
    };
    table::print(
        &["a credential, text to verified", "", "", ""],
        &tokens::PEERS.iter().zip(&times).map(row).collect::<Vec<_>>(),
    );
}
