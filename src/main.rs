//! `qizhen`: parse, dispatch, exit code.
#![forbid(unsafe_code)]

fn main() -> std::process::ExitCode {
    qizhen::cli::run()
}
