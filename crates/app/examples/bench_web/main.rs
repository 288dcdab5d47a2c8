//! Measures the program: `bench_web FOLDER DECLARATIONS PROGRAM`. Makes a data folder with so many
//! declarations, serves it with the program, and prints what a request costs its processor.

mod crowd;
mod server;

use anyhow::{Context, Result};
use domain::day::Day;
use kit::args;
use kit::clock::Clock;
use kit::record::Signer;
use server::{Person, Server};
use std::path::Path;
use std::sync::Arc;
use zhenxing::data::{Config, DataFolder};

const TODAY: &str = "2018-04-26";
const REQUESTS: usize = 400;

/// What the measuring needs to know of the folder.
struct Scene {
    office: String,
    clerk: String,
    draft: String,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, declarations, program] = arguments.as_slice() else {
        anyhow::bail!("usage: bench_web FOLDER DECLARATIONS PROGRAM");
    };
    let scene = make(Path::new(folder), declarations.parse().context("how many declarations?")?).await?;
    let server = Server::start(Path::new(program), Path::new(folder), TODAY)?;
    println!("{declarations} declarations, start to first page {:.2} s", server.started_s);
    let office = server.sign_in(&scene.office)?;
    let clerk = server.sign_in(&scene.clerk)?;
    measure(&server, "list of 100 rows", || office.get("/declarations").map(|_| ()))?;
    let packed = office.packed();
    measure(&server, "list of 100 rows, gzip", || packed.get("/declarations").map(|_| ()))?;
    measure(&server, "desk", || office.get("/desk").map(|_| ()))?;
    save(&server, &clerk, &scene.draft)?;
    println!("  resident {:.1} MB, at most {:.1} MB", server.mb("VmRSS")?, server.mb("VmHWM")?);
    Ok(())
}

/// The demo and a crowd beside it.
async fn make(path: &Path, declarations: usize) -> Result<Scene> {
    let today: Day = TODAY.parse().map_err(anyhow::Error::msg)?;
    let folder = DataFolder::new(path);
    folder.create(&Config { demo: true, ..Config::default() }, &Signer::from_seed("36", [7; 32]))?;
    let store = folder.open(Clock::on(today)).await?;
    zhenxing::demo::load(&store, &Arc::new(zhenxing::packs::jiangxi()?)).await?;
    crowd::gather(&store, declarations).await?;
    let card = "SELECT g.id FROM role_grant g JOIN person p ON p.id = g.person_id WHERE p.login = $1";
    let (office,): (String,) = store.read().one(card, args!["office"]).await?;
    let (clerk,): (String,) = store.read().one(card, args!["chaxiang_clerk"]).await?;
    let draft = "SELECT id FROM declaration WHERE name = $1";
    let (draft,): (String,) = store.read().one(draft, args!["示例茶香镇"]).await?;
    store.db().close().await;
    Ok(Scene { office, clerk, draft })
}

fn save(server: &Server, clerk: &Person, draft: &str) -> Result<()> {
    let page = clerk.get(&format!("/submissions/{draft}/sections/identity"))?;
    let (_, rest) = page.split_once("name=\"version\" value=\"").context("the section has a version")?;
    let mut version: i64 = rest.split('"').next().unwrap_or_default().parse()?;
    let path = format!("/submissions/{draft}/sections/identity/autosave");
    let text = "依山临水，交通便利。".repeat(20);
    measure(server, "section saved", || {
        let numbered = version.to_string();
        clerk.post(&path, &[("version", &numbered), ("101", "示例茶香镇"), ("115", &text)])?;
        version += 1;
        Ok(())
    })
}

/// Prints the processor time and the wall time of one request among many.
fn measure(server: &Server, what: &str, mut request: impl FnMut() -> Result<()>) -> Result<()> {
    for _ in 0..REQUESTS / 10 {
        request()?;
    }
    let (cpu, clock) = (server.cpu_ms()?, std::time::Instant::now());
    for _ in 0..REQUESTS {
        request()?;
    }
    let each = |ms: f64| ms / REQUESTS as f64;
    let (cpu, wall) = (each(server.cpu_ms()? - cpu), each(clock.elapsed().as_secs_f64() * 1000.0));
    println!("  {what:<24} {cpu:>6.2} ms of processor, {wall:>6.2} ms in all");
    Ok(())
}
