//! Only one phone may be linked, and another one is.

use crate::Stage;
use crate::methods::LOG_OUT;
use crate::scenes::{EXPECTED, Scene};

#[tokio::test]
async fn another_phone_is_logged_out_and_the_page_says_why_until_the_right_one_is_there() {
    let stage = Stage::set().await;
    let page = Scene::WrongPhone.reach(&stage).await;
    let widget = page.widget();
    // Nobody did that on another page.
    let words = widget.words().await.to_lowercase();
    assert!(
        words.contains("try with the right phone") && !words.contains("on another page"),
        "{words}"
    );
    let phone = stage.handset("deliveries").await;
    assert_eq!(phone.text("h1").await, "The phone is not connected");
    phone.close().await;

    // Who comes later is told as well, and beside the next code.
    let later = stage.channel("deliveries").await;
    later.widget().says(&["Another phone was linked"]).await;
    widget.press("show the code").await;
    widget.says(&["Have the phone ready"]).await;
    widget.says(&["Another phone was linked"]).await;
    later.close().await;

    stage
        .system
        .expect_phone("deliveries", "+44 1134 960000")
        .await;
    stage.green_api_is("authorized").await;
    widget.says(&["is connected"]).await;
    widget.button(LOG_OUT).await;
    page.close().await;
}

#[tokio::test]
async fn a_code_for_another_number_is_refused_in_words_and_given_for_the_right_one() {
    let stage = Stage::set().await;
    let page = Scene::OtherNumber.reach(&stage).await;
    let widget = page.widget();
    assert!(!widget.words().await.contains("Not allowed here"));
    widget.type_number(EXPECTED).await;
    widget.press("try again").await;
    widget.says(&["Type this code into WhatsApp"]).await;
    page.close().await;
}
