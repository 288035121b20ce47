//! The store itself keeps its audit from mistakes.

use crate::harness::books::Books;
use crate::harness::program::Program;

#[tokio::test]
async fn they_cannot_be_changed_or_removed_by_mistake() {
    let program = Program::new();
    program.api_key().await;
    let mut books = Books::connect(program.directory(), false).await;
    for statement in [
        "DELETE FROM audit",
        "UPDATE audit SET object = 'key_another'",
        "UPDATE audit SET position = NULL",
        "UPDATE audit SET mac = 'x' WHERE position = 1",
        "INSERT INTO audit (at, actor_kind, actor, action, object, outcome) VALUES (1, '', '', '', '', '');
         UPDATE audit SET position = 2, sealed_by = 'x', mac = 'x', object = 'y' WHERE position IS NULL",
    ] {
        let refused = books.refusal(statement).await;
        assert!(refused.contains("rows of the audit"), "{statement}: {refused}");
    }
    books.close().await;
}
