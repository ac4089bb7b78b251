//! How far a long work is: one line that changes on a terminal, a line now and then elsewhere.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

/// Time between two lines on a terminal, and in a log.
const REDRAWN: Duration = Duration::from_millis(100);
const LOGGED: Duration = Duration::from_secs(30);

/// Shows progress on stderr.
#[derive(Debug)]
pub struct Meter {
    quiet: bool,
    terminal: bool,
    /// When a line was shown last.
    shown: Option<Instant>,
    began: Instant,
    /// How many took time: what is only found unchanged says nothing about the rest.
    worked: usize,
    drawn: bool,
}

impl Meter {
    /// A meter; a quiet one shows nothing but what [`say`](Self::say) says.
    pub fn new(quiet: bool) -> Self {
        Self {
            quiet,
            terminal: std::io::stderr().is_terminal(),
            shown: None,
            began: Instant::now(),
            worked: 0,
            drawn: false,
        }
    }

    /// One more that took time.
    pub fn worked(&mut self) {
        if self.worked == 0 {
            self.began = Instant::now();
        }
        self.worked += 1;
    }

    /// `done` of `total`.
    pub fn show(&mut self, what: &str, done: usize, total: usize) {
        let pause = if self.terminal { REDRAWN } else { LOGGED };
        let now = Instant::now();
        let first = *self.shown.get_or_insert(now);
        let due = self.terminal && done == total || now - first >= pause;
        if self.quiet || !due {
            return;
        }
        self.shown = Some(now);
        let mut line = format!("{what} {done}/{total}（{}%）", done * 100 / total.max(1));
        // The first one is when the clock starts.
        if self.worked > 1 && done < total {
            let each = self.began.elapsed().as_secs_f64() / (self.worked - 1) as f64;
            let left = Duration::from_secs_f64(each * (total - done) as f64);
            line += &format!("，每秒 {:.1} 份，还要 {}", 1.0 / each.max(1e-9), duration(left));
        }
        let mut err = std::io::stderr().lock();
        let _ = if self.terminal {
            self.drawn = true;
            write!(err, "\r\x1b[2K{line}").and_then(|()| err.flush())
        } else {
            writeln!(err, "{line}")
        };
    }

    /// A message above the line.
    pub fn say(&mut self, text: &str) {
        self.clear();
        super::io::message(text);
    }

    /// Takes the line away.
    pub fn clear(&mut self) {
        if std::mem::take(&mut self.drawn) {
            let _ = write!(std::io::stderr(), "\r\x1b[2K");
        }
    }
}

/// `3.2 秒`, `2 分 5 秒`, `1 小时 3 分`.
pub fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => format!("{:.1} 秒", time.as_secs_f64()),
        10..60 => format!("{seconds} 秒"),
        60..3600 => format!("{} 分 {} 秒", seconds / 60, seconds % 60),
        _ => format!("{} 小时 {} 分", seconds / 3600, seconds % 3600 / 60),
    }
}
