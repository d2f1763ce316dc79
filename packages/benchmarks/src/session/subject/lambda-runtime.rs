//! A client of the AWS Lambda Runtime API on the standard library alone, so that the functions of
//! the benchmark build without a registry, and what is measured is the tool.

use std::env;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;

/// Answers every invocation with the same JSON, until the process is ended.
pub fn answer(json: &str) -> ! {
    let api = env::var("AWS_LAMBDA_RUNTIME_API").expect("AWS_LAMBDA_RUNTIME_API is not set");
    let api = api.strip_prefix("http://").unwrap_or(&api);
    let (host, prefix) = match api.split_once('/') {
        Some((host, path)) => (host, format!("/{}", path.trim_end_matches('/'))),
        None => (api, String::new()),
    };
    let base = format!("{prefix}/2018-06-01/runtime/invocation");
    loop {
        let next = exchange(host, "GET", &format!("{base}/next"), "");
        let id = next.expect("the runtime API is gone").expect("an invocation has an id");
        exchange(host, "POST", &format!("{base}/{id}/response"), json).expect("an answer is taken");
    }
}

/// One request on one connection; the id of the invocation in its response.
fn exchange(host: &str, method: &str, path: &str, body: &str) -> io::Result<Option<String>> {
    let mut stream = TcpStream::connect(host)?;
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let mut reader = BufReader::new(stream);
    let mut id = None;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':') {
            if name.eq_ignore_ascii_case("lambda-runtime-aws-request-id") {
                id = Some(value.trim().to_owned());
            }
        }
    }
    io::copy(&mut reader.by_ref(), &mut io::sink())?;
    Ok(id)
}
