//! Pictures of everything that the element can show, for people to look at.

use std::path::Path;
use std::{env, fs};

use pairlink_e2e::Browser;

use crate::scenes::Scene;

/// A phone and a desk; how many pictures fit beside each other, and how large.
const WIDTHS: [(u32, usize, f64); 2] = [(360, 10, 0.75), (1280, 6, 0.6)];
const THEMES: [&str; 2] = ["light", "dark"];
const LANGUAGES: [&str; 1] = ["en"];

/// `cargo xtask screenshots` runs it: into `PAIRLINK_PICTURES_DIR`, a sheet for each width, theme and language, and the
/// single pictures into a folder of their own if `PAIRLINK_PICTURES_SINGLE` names one.
#[tokio::test]
#[ignore = "it tests nothing"]
async fn of_every_state() {
    let folder = env::var_os("PAIRLINK_PICTURES_DIR").expect("where the pictures go");
    let folder = Path::new(&folder);
    fs::create_dir_all(folder).unwrap();
    let mut sheets = Vec::new();
    for language in LANGUAGES {
        for theme in THEMES {
            for width in WIDTHS {
                sheets.push((language, theme, width, Vec::new()));
            }
        }
    }
    for scene in Scene::ALL {
        let stage = scene.stage().await;
        let page = scene.reach(&stage).await;
        for (language, theme, (width, ..), pictures) in &mut sheets {
            page.speak(language).await;
            page.resize((*width, 2400)).await;
            page.wear(theme).await;
            let picture = page.portrait().await;
            if let Some(single) = env::var_os("PAIRLINK_PICTURES_SINGLE") {
                let name = format!("{scene:?}-{language}-{theme}-{width}.png");
                fs::write(Path::new(&single).join(name), &picture).unwrap();
            }
            pictures.push((scene.title(), picture));
        }
        page.vanish();
    }
    let table = Browser::chosen().open("about:blank").await;
    for (language, theme, (width, columns, scale), pictures) in sheets {
        let sheet = table
            .sheet(&pictures, columns, scale, theme == "dark")
            .await;
        fs::write(
            folder.join(format!("{language}-{theme}-{width}.webp")),
            sheet,
        )
        .unwrap();
    }
    table.close().await;
}
