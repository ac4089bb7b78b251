//! `qizhen`: parse, dispatch, exit code.

fn main() -> std::process::ExitCode {
    qizhen::cli::run()
}
