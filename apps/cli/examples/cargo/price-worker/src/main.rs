use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use shared::format_price;

const VERSION: &str = "1";

/// Rises by a cent each second.
static PRICE_IN_CENTS: AtomicU64 = AtomicU64::new(1250);

fn main() {
    thread::spawn(|| {
        loop {
            thread::sleep(Duration::from_secs(1));
            PRICE_IN_CENTS.fetch_add(1, Ordering::Relaxed);
        }
    });
    shared::serve("price-worker", || {
        let price = format_price(PRICE_IN_CENTS.load(Ordering::Relaxed));
        format!(r#"{{"function":"price-worker","version":"{VERSION}","price":"{price}"}}"#)
    })
}
