//! A gigabyte in and out through the real server, beside the slowest of hash, disk and loopback; its memory.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use aws_lc_rs::digest::{SHA256, digest};

use crate::firm::{Firm, PASSWORD};
use crate::{Report, speed, timed};

const LENGTH: u64 = 1 << 30;

struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn memory(process: u32, name: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name).map(ToOwned::to_owned));
    line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok()).map_or(0.0, |kib| kib / 1024.0)
}

fn limits(folder: &Path, text: &[u8]) -> (Duration, [Duration; 3]) {
    let (_, hash) = timed(|| {
        (0..LENGTH / text.len() as u64).for_each(|_| {
            std::hint::black_box(digest(&SHA256, text));
        })
    });
    let (_, disk) = timed(|| {
        let mut file = File::create(folder.join("plain")).unwrap();
        (0..LENGTH / text.len() as u64).for_each(|_| file.write_all(text).unwrap());
        file.sync_all().unwrap();
    });
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (_, wire) = timed(|| {
        let reader = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut buffer = vec![0; 1 << 18];
            while stream.read(&mut buffer).unwrap() > 0 {}
        });
        let mut stream = TcpStream::connect(address).unwrap();
        (0..LENGTH / text.len() as u64).for_each(|_| stream.write_all(text).unwrap());
        drop(stream);
        reader.join().unwrap();
    });
    (hash.max(disk).max(wire), [hash, disk, wire])
}

pub fn measure(report: &mut Report, runtime: &tokio::runtime::Runtime) {
    let Firm { open, folder, matter, .. } = runtime.block_on(Firm::found());
    runtime.block_on(open.close());
    let place = folder.path();
    let config = format!(
        "data = {:?}\nkey_file = {:?}\nhigh_water_file = {:?}\nlisten = \"127.0.0.1:0\"\nmetrics_listen = \"\"\n",
        place.join("data"),
        place.join("key"),
        place.join("mark"),
    );
    std::fs::write(place.join("kura.toml"), config).unwrap();
    let text: Vec<u8> = (0..8_u32 << 20).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let file = place.join("gigabyte.bin");
    let mut writer = File::create(&file).unwrap();
    (0..LENGTH / text.len() as u64).for_each(|_| writer.write_all(&text).unwrap());
    writer.sync_all().unwrap();
    let (slowest, [hash, disk, wire]) = limits(place, &text);

    let kura = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kura"));
        command.args(args).env("KURA_HOME", place.join("home")).env("KURA_PASSWORD", PASSWORD);
        command.env("KURA_CONFIG", place.join("kura.toml")).current_dir(place);
        command
    };
    let log = File::create(place.join("log")).unwrap();
    let server = Server(kura(&["serve"]).stderr(log).spawn().unwrap());
    let url = loop {
        std::thread::sleep(Duration::from_millis(50));
        let log = std::fs::read_to_string(place.join("log")).unwrap();
        if let Some(said) = log.split("serving on ").nth(1) {
            break said.split('"').next().unwrap().to_owned();
        }
    };
    assert!(
        kura(&["login", "--server", &url, "--login", "hana"])
            .stderr(Stdio::null())
            .status()
            .unwrap()
            .success()
    );
    let idle = memory(server.0.id(), "VmRSS:");
    let started = Instant::now();
    let take = [
        "--json",
        "take",
        &matter.to_string(),
        "--class",
        "secret",
        "--source",
        "x",
        "--file",
        "gigabyte.bin",
    ];
    let taken = kura(&take).stderr(Stdio::null()).output().unwrap();
    let put = started.elapsed();
    assert!(taken.status.success());
    let taken: serde_json::Value = serde_json::from_slice(&taken.stdout).unwrap();
    let item = taken["item"].as_str().unwrap();
    let peak = memory(server.0.id(), "VmHWM:");
    let started = Instant::now();
    assert!(
        kura(&["open", item, "--out", "back.bin"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap()
            .success()
    );
    let get = started.elapsed();
    let sum = format!(
        "hash {:.2}, disk {:.2}, loopback {:.2} GB/s",
        speed(LENGTH, hash),
        speed(LENGTH, disk),
        speed(LENGTH, wire)
    );
    for (what, took) in [("put", put), ("get", get)] {
        report.add(
            format!("{what} a 1 GiB file, command line to disk"),
            format!("{:.2} GB/s", speed(LENGTH, took)),
            format!("{:.2} of the slowest of {sum}", slowest.as_secs_f64() / took.as_secs_f64()),
            "≥ 0.6 of the slowest",
        );
    }
    report.add("memory of an idle server", format!("{idle:.0} MB"), "VmRSS".to_owned(), "< 80 MB");
    report.add(
        "memory that a 1 GiB upload adds at its peak",
        format!("{:.0} MB", peak - idle),
        "VmHWM − VmRSS".to_owned(),
        "< 64 MB",
    );
}
