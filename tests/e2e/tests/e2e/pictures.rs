//! Pictures of everything that the element can show, for people to look at.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "what does not come is no picture"
)]

mod hosted;

use std::path::{Path, PathBuf};
use std::{env, fs};

use pairlink_e2e::Browser;

use crate::scenes::Scene;

/// A phone and a desk; how many pictures fit beside each other, and how large.
const WIDTHS: [(u32, usize, f64); 2] = [(360, 10, 0.75), (1280, 6, 0.6)];
const THEMES: [&str; 2] = ["light", "dark"];
const LANGUAGES: [&str; 2] = ["en", "ar"];

/// A language, a theme and a width.
type Look = (&'static str, &'static str, (u32, usize, f64));

/// Every way in which a scene is shown.
fn looks() -> impl Iterator<Item = Look> {
    LANGUAGES.into_iter().flat_map(|language| {
        THEMES.into_iter().flat_map(move |theme| {
            WIDTHS
                .into_iter()
                .map(move |width| (language, theme, width))
        })
    })
}

/// A scene, if there is one, in each way.
async fn portraits(scene: Option<Scene>) -> Vec<(String, Vec<u8>)> {
    let Some(scene) = scene else {
        return Vec::new();
    };
    let stage = scene.stage().await;
    let page = scene.reach(&stage).await;
    let mut portraits = Vec::new();
    for (language, theme, (width, ..)) in looks() {
        page.speak(language).await;
        // Taller than any state: what lies below the window is not in the picture.
        page.resize((width, 2400)).await;
        page.wear(theme).await;
        if let Ok(wish) = env::var("PAIRLINK_PICTURES_PREFER") {
            let (feature, value) = wish.split_once(':').unwrap_or((&wish, ""));
            page.prefer(&[(feature, value)]).await;
        }
        let picture = page.portrait().await;
        if let Some(single) = env::var_os("PAIRLINK_PICTURES_SINGLE") {
            let name = format!("{scene:?}-{language}-{theme}-{width}.png");
            assert!(fs::write(Path::new(&single).join(name), &picture).is_ok());
        }
        portraits.push((scene.title(), picture));
    }
    page.vanish();
    portraits
}

/// `cargo xtask screenshots` runs it: into `PAIRLINK_PICTURES_DIR`, a sheet for each width, theme and language, and the
/// single pictures into a folder of their own if `PAIRLINK_PICTURES_SINGLE` names one. `PAIRLINK_PICTURES_PREFER` is what
/// the visitor wishes, such as `forced-colors:active`.
#[tokio::test]
#[ignore = "it tests nothing"]
async fn of_every_state() {
    let folder = folder();
    let mut sheets: Vec<_> = looks().map(|look| (look, Vec::new())).collect();
    // Side by side, because each waits most of the time.
    for scenes in Scene::ALL.chunks(3) {
        let mut scenes = scenes.iter().copied();
        let (first, second, third) = tokio::join!(
            portraits(scenes.next()),
            portraits(scenes.next()),
            portraits(scenes.next()),
        );
        for portraits in [first, second, third] {
            for ((_, pictures), portrait) in sheets.iter_mut().zip(portraits) {
                pictures.push(portrait);
            }
        }
    }
    let table = Browser::chosen().open("about:blank").await;
    for ((language, theme, (width, columns, scale)), pictures) in sheets {
        let sheet = table
            .sheet(&pictures, columns, scale, theme == "dark")
            .await;
        write_sheet(&folder, &format!("{language}-{theme}-{width}"), &sheet);
    }
    table.close().await;
}

/// Where the sheets go.
fn folder() -> PathBuf {
    let folder = env::var_os("PAIRLINK_PICTURES_DIR").expect("where the pictures go");
    fs::create_dir_all(&folder).unwrap();
    folder.into()
}

fn write_sheet(folder: &Path, name: &str, sheet: &[u8]) {
    fs::write(folder.join(format!("{name}.webp")), sheet).unwrap();
}
