//! The pictures that stand where no code can be shown. Decoration: screen readers skip them.

use pairlink_protocol::Method;

use super::element::{Element, Name, classed, element};
use crate::model::Stage;

/// Strokes on a grid of 24.
const fn strokes(stage: Stage) -> &'static str {
    match stage {
        Stage::None => method_strokes(Method::Link),
        Stage::Expired => "M12 7v5l3 2M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18",
        Stage::Revoked => "M6 6l12 12M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18",
        Stage::Connected => "M5 12.5l4.5 4.5L19 7.5",
        Stage::Offline => {
            "M3 3l18 18M8.5 15.5a5 5 0 0 1 7 0M5 12a10 10 0 0 1 4-2.4M19 12a10 10 0 0 0-5-2.7M12 19h.01"
        }
        Stage::Error => "M12 8v5M12 16.5v.01M12 3L2.5 20h19z",
        Stage::Live | Stage::Expiring => method_strokes(Method::Token),
        Stage::Loading | Stage::Issuing | Stage::Checking | Stage::Revoking | Stage::LoggingOut => {
            "M12 3a9 9 0 0 1 9 9"
        }
    }
}

/// A chain, a code, a phone, a key.
const fn method_strokes(method: Method) -> &'static str {
    match method {
        Method::Link => {
            "M9 15l6-6M11 6l1-1a4.2 4.2 0 0 1 6 6l-1 1M13 18l-1 1a4.2 4.2 0 0 1-6-6l1-1"
        }
        Method::Qr => {
            "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2h-2zM20 14v2M18 20h2v-2M14 20v-1"
        }
        Method::Code => {
            "M8 2.5h8a1 1 0 0 1 1 1v17a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1v-17a1 1 0 0 1 1-1zM10 9h1M13 9h1M10 12h1M13 12h1M11 18.5h2"
        }
        Method::Token => "M7 14a4 4 0 1 1 3.5-6H21v4h-3v3h-4v-3h-3.5A4 4 0 0 1 7 14zM7 10h.01",
    }
}

/// The picture of a method.
pub(super) fn method_icon(method: Method) -> Element {
    icon("56", method_strokes(method))
}

/// The picture of a stage; the style sheet turns it while something is under way.
pub(super) fn stage_icon(stage: Stage) -> Element {
    icon("56", strokes(stage))
}

/// An arrow that leaves a box: something opens elsewhere.
pub(super) fn opens_elsewhere() -> Element {
    icon("18", "M14 4h6v6M20 4l-9 9M18 14v5H5V6h5")
}

/// Two sheets.
pub(super) fn copy() -> Element {
    icon("18", "M9 9h11v11H9zM5 15H4V4h11v1")
}

/// A tick.
pub(super) fn tick() -> Element {
    icon("18", "M5 12.5l4.5 4.5L19 7.5")
}

fn icon(size: &'static str, path: &'static str) -> Element {
    classed("svg", "icon")
        .set(Name::Width, size)
        .set(Name::Height, size)
        .set(Name::ViewBox, "0 0 24 24")
        .set(Name::AriaHidden, "true")
        .holds(element("path").set(Name::Path, path))
}
