//! Sinks of audit records: no request waits for them, and nothing is lost without being counted.

use cog_auth_tower::audit::{AuditSink, Files, Rotation, ToWriter};
use std::io::{self, Write};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

/// A writer that does what it is told: it waits for a word before each write.
struct Told {
    begun: Sender<()>,
    words: Receiver<io::Result<()>>,
    written: Arc<Mutex<Vec<u8>>>,
}

impl Write for Told {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.begun.send(()).unwrap();
        // Nothing is said any more: everything goes well.
        self.words.recv().unwrap_or(Ok(()))?;
        self.written.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The other side of it.
struct Teller {
    has_begun: Receiver<()>,
    word: Sender<io::Result<()>>,
    written: Arc<Mutex<Vec<u8>>>,
}

fn told() -> (Told, Teller) {
    let (begun, has_begun) = channel();
    let (word, words) = channel();
    let written = Arc::new(Mutex::new(Vec::new()));
    (Told { begun, words, written: written.clone() }, Teller { has_begun, word, written })
}

fn text(written: &Mutex<Vec<u8>>) -> String {
    String::from_utf8(written.lock().unwrap().clone()).unwrap()
}

#[test]
fn a_writer_that_hangs_stops_nobody_and_losses_are_counted() {
    let (writer, Teller { has_begun, word, written }) = told();
    let sink = ToWriter::spawn(writer, 2).unwrap();
    sink.record("1");
    has_begun.recv().unwrap();
    // The first is being written, two wait, and there is no place for more.
    for record in ["2", "3", "4", "5"] {
        sink.record(record);
    }
    assert_eq!(sink.lost(), 2);
    drop(word);
    drop(sink);
    assert_eq!(text(&written), "1\n2\n3\n");
}

#[test]
fn a_record_that_cannot_be_written_is_counted_and_spoils_no_other() {
    let (writer, Teller { has_begun, word, written }) = told();
    let sink = Arc::new(ToWriter::spawn(writer, 10).unwrap());
    for record in ["1", "2", "3"] {
        sink.record(record);
    }
    word.send(Ok(())).unwrap();
    word.send(Err(io::Error::other("the disk is full"))).unwrap();
    // A line end, for the second may be there in part; and the third.
    word.send(Ok(())).unwrap();
    word.send(Ok(())).unwrap();
    for _ in 0..4 {
        has_begun.recv().unwrap();
    }
    drop(word);
    let counted = sink.clone();
    sink.record("4");
    drop(sink);
    while text(&written) != "1\n\n3\n4\n" {
        std::thread::yield_now();
    }
    // It is counted when nothing waits any more.
    while counted.lost() == 0 {
        std::thread::yield_now();
    }
    assert_eq!(counted.lost(), 1);
}

#[test]
fn what_was_not_flushed_is_lost() {
    struct NoFlush;
    impl Write for NoFlush {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Err(io::Error::other("no"))
        }
    }
    let sink = ToWriter::spawn(NoFlush, 10).unwrap();
    sink.record("1");
    while sink.lost() == 0 {
        std::thread::yield_now();
    }
    assert_eq!(sink.lost(), 1);
}

#[test]
fn a_writer_that_panicked_loses_what_comes_after() {
    struct Panics;
    impl Write for Panics {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            panic!("a writer's panic")
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let sink = ToWriter::spawn(Panics, 10).unwrap();
    sink.record("1");
    while sink.lost() == 0 {
        sink.record("2");
        std::thread::yield_now();
    }
    drop(sink);
}

#[test]
fn files_are_named_for_their_time() {
    let folder = std::env::temp_dir().join(format!("cog-auth-tower-files-{}", std::process::id()));
    let files = Files { name: "audit", rotation: Rotation::Hourly, keep: 3 };
    for record in ["{\"v\":1}", "{\"v\":2}"] {
        // It goes on with the file that is there.
        files.open(&folder, 10).unwrap().record(record);
    }
    let mut text = String::new();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(name.starts_with("audit.20") && name.ends_with(".jsonl"), "{name}");
        text += &std::fs::read_to_string(&path).unwrap();
    }
    assert_eq!(text, "{\"v\":1}\n{\"v\":2}\n");
    std::fs::remove_dir_all(&folder).unwrap();

    // A file cannot be a folder.
    std::fs::write(&folder, "").unwrap();
    assert!(files.open(&folder, 10).is_err());
    std::fs::remove_file(folder).unwrap();
}
