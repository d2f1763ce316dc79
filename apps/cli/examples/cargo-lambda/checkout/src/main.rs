//! Counts orders, and goes wrong on demand: an event with the word `decline` is answered with an
//! error, one with `crash` ends the process in the middle of the invocation.

use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

use runtime::FunctionError;

const VERSION: &str = "1";

/// Lives as long as the process: a crash or an idle stop begins at nothing again.
static ORDERS: AtomicU64 = AtomicU64::new(0);

fn main() {
    runtime::run(|invocation| {
        if invocation.payload.contains("crash") {
            eprintln!("crashing as asked");
            process::exit(1);
        }
        if invocation.payload.contains("decline") {
            return Err(FunctionError {
                error_type: "CardDeclined",
                message: "the card was declined".to_owned(),
            });
        }
        let orders = ORDERS.fetch_add(1, Ordering::Relaxed) + 1;
        Ok(format!(
            r#"{{"function":"checkout","version":"{VERSION}","orders":{orders}}}"#
        ))
    })
}
