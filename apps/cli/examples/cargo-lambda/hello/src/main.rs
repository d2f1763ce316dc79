//! Greets, and shows what it was called with.

use std::env;

use runtime::json_string;

const VERSION: &str = "1";

fn main() {
    runtime::run(|invocation| {
        let greeting = env::var("GREETING").unwrap_or_else(|_| "hello".to_owned());
        Ok(format!(
            r#"{{"function":"hello","version":"{VERSION}","greeting":{},"requestId":{},"event":{}}}"#,
            json_string(&greeting),
            json_string(&invocation.request_id),
            if invocation.payload.is_empty() {
                "null"
            } else {
                &invocation.payload
            },
        ))
    })
}
