//! `lagesbild serve` and `lagesbild config`.

use std::path::PathBuf;

use anyhow::Context;
use clap::Subcommand;
use jiff::Timestamp;
use tokio::net::TcpListener;

use super::answer::{Done, write};
use super::{DataArgs, demo, today};
use crate::http::access::check_start;
use crate::http::service;
use crate::settings::{Settings, Sources, check, resolve, show};
use crate::store::Store;

/// Serve pages and the interface for programs on this machine.
#[derive(Debug, clap::Args)]
pub(super) struct ServeArgs {
    /// Serves generated data of true size for Nässjö, made when it is missing.
    #[arg(long)]
    demo: bool,
    /// The data file [default: lagesbild.gpkg].
    #[arg(long, value_name = "FILE.gpkg", conflicts_with = "demo")]
    data: Option<PathBuf>,
    /// Address and port [default: 127.0.0.1:8080].
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    #[command(flatten)]
    sources: SourceArgs,
}

/// Where settings come from.
#[derive(Debug, clap::Args)]
struct SourceArgs {
    /// Settings file [default: lagesbild.toml in the current folder, when there is one].
    #[arg(long, value_name = "FILE.toml")]
    config: Option<PathBuf>,
    /// One setting, such as log_format=json; may be repeated.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    set: Vec<String>,
}

impl SourceArgs {
    fn sources(&self, more: Vec<(String, String)>) -> Result<Sources, super::Usage> {
        let mut flags = Vec::new();
        for entry in &self.set {
            let (key, value) =
                entry.split_once('=').ok_or_else(|| super::Usage(format!("--set '{entry}': KEY=VALUE is accepted")))?;
            flags.push((key.trim().to_string(), value.trim().to_string()));
        }
        flags.extend(more);
        Ok(Sources::of_process(self.config.clone(), flags))
    }
}

/// Show or check the settings.
#[derive(Debug, clap::Args)]
pub(super) struct ConfigArgs {
    #[command(subcommand)]
    what: ConfigCommand,
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Every setting with its value and where it came from.
    Show(SourceArgs),
    /// Whether the settings can be used.
    Check(SourceArgs),
}

pub(super) fn config(args: &ConfigArgs) -> anyhow::Result<Done> {
    let text = match &args.what {
        ConfigCommand::Show(sources) => show(&resolve(&sources.sources(Vec::new())?)?),
        ConfigCommand::Check(sources) => format!("{}\n", check(&sources.sources(Vec::new())?)?.trim_end()),
    };
    write(None, text.as_bytes())?;
    Ok(Done::Ok)
}

pub(super) fn run(args: &ServeArgs) -> anyhow::Result<Done> {
    let mut flags = Vec::new();
    flags.extend(args.listen.clone().map(|listen| ("listen".to_string(), listen)));
    flags.extend(args.data.as_ref().map(|data| ("data".to_string(), data.display().to_string())));
    let settings = resolve(&args.sources.sources(flags)?)?.settings;
    start_log(&settings)?;
    if let Some(threads) = settings.work.threads {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build_global()?;
    }
    let path = if args.demo {
        demo::demo_file()?
    } else {
        DataArgs { data: Some(settings.data.clone()) }.path_made_when_missing()?
    };
    let store = Store::open(&path)?;
    check_start(settings.service.listen, &settings.access, &store.with_writer(|file| file.people())?)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(settings.service.listen)
            .await
            .with_context(|| format!("listen on {}", settings.service.listen))?;
        let address = listener.local_addr()?;
        let snapshot = store.snapshot();
        eprintln!(
            "{}: revision {}, {} data, today is {}",
            path.display(),
            snapshot.revision(),
            snapshot.facts().data_class.code(),
            today(snapshot.zone())
        );
        println!("http://{address}/");
        anyhow::Ok(service::run(listener, &settings, store, Timestamp::now, stop_signal()).await?)
    })?;
    Ok(Done::Ok)
}

fn start_log(settings: &Settings) -> anyhow::Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_new(&settings.log.filter).context("log_filter")?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start in one process (tests) keeps the first log.
    let _ = if settings.log.json { log.json().try_init() } else { log.try_init() };
    Ok(())
}

/// Ends at Ctrl-C or when the service manager asks.
async fn stop_signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} }
            }
            Err(_) => {
                let _ = interrupt.await;
            }
        }
    }
    #[cfg(not(unix))]
    {
        let _ = interrupt.await;
    }
}
