use std::sync::atomic::{AtomicU64, Ordering};

use shared::format_price;

const VERSION: &str = "1";

static ADDED: AtomicU64 = AtomicU64::new(0);

fn main() {
    shared::serve("add-product", || {
        let added = ADDED.fetch_add(1, Ordering::Relaxed) + 1;
        let value = format_price(added * 1250);
        format!(
            r#"{{"function":"add-product","version":"{VERSION}","added":{added},"value":"{value}"}}"#
        )
    })
}
