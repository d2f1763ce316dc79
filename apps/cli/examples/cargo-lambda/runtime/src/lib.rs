//! A client of the AWS Lambda Runtime API (version 2018-06-01) on the standard library alone, so
//! that this example builds without a registry. Functions for AWS use the `lambda_runtime` crate.

mod http;

use std::{env, io, process};

/// One call of the function.
pub struct Invocation {
    pub request_id: String,
    /// JSON, as the caller sent it.
    pub payload: String,
}

/// Why the function could not do what it was asked; its caller gets both.
pub struct FunctionError {
    pub error_type: &'static str,
    pub message: String,
}

/// Answers invocations, one after another, until the process is ended. `handle` returns JSON.
pub fn run(handle: fn(&Invocation) -> Result<String, FunctionError>) -> ! {
    let Ok(api) = env::var("AWS_LAMBDA_RUNTIME_API") else {
        eprintln!("AWS_LAMBDA_RUNTIME_API is not set: start this function with singletrack invoke");
        process::exit(2);
    };
    loop {
        if let Err(error) = answer_next(&api, handle) {
            eprintln!("the runtime API at {api} failed: {error}");
            process::exit(1);
        }
    }
}

fn answer_next(
    api: &str,
    handle: fn(&Invocation) -> Result<String, FunctionError>,
) -> io::Result<()> {
    let next = http::get(api, "/2018-06-01/runtime/invocation/next")?.expect(200)?;
    let request_id = next
        .header("lambda-runtime-aws-request-id")
        .ok_or_else(|| io::Error::other("the invocation has no request id"))?
        .to_owned();
    let invocation = Invocation {
        request_id,
        payload: next.body,
    };
    let path = format!("/2018-06-01/runtime/invocation/{}", invocation.request_id);
    match handle(&invocation) {
        Ok(response) => http::post(api, &format!("{path}/response"), &[], &response)?,
        Err(FunctionError {
            error_type,
            message,
        }) => {
            let header = ("Lambda-Runtime-Function-Error-Type", error_type);
            let body = format!(
                r#"{{"errorType":{},"errorMessage":{}}}"#,
                json_string(error_type),
                json_string(&message)
            );
            http::post(api, &format!("{path}/error"), &[header], &body)?
        }
    }
    .expect(202)?;
    Ok(())
}

/// A text as JSON, with its quotes.
pub fn json_string(text: &str) -> String {
    let mut json = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => json.extend(['\\', letter]),
            '\u{0}'..'\u{20}' => json.push_str(&format!("\\u{:04x}", u32::from(letter))),
            _ => json.push(letter),
        }
    }
    json.push('"');
    json
}
