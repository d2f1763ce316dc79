//! What the three binaries share: their money, and a small HTTP server on the standard library.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;
use std::{env, process, thread};

/// What every price is in.
pub const CURRENCY: &str = "EUR";

/// A price as customers read it: `EUR 12.50`.
pub fn format_price(cents: u64) -> String {
    format!("{CURRENCY} {}.{:02}", cents / 100, cents % 100)
}

/// A client that says nothing for so long is given up.
const PATIENCE: Duration = Duration::from_secs(5);

/// Serves `GET /` with the JSON that `answer` makes, and `GET /health`, at the port in `PORT`.
pub fn serve(name: &str, answer: fn() -> String) -> ! {
    let Some(port) = env::var("PORT")
        .ok()
        .and_then(|port| port.parse::<u16>().ok())
    else {
        eprintln!("{name}: PORT must be a number from 0 to 65535");
        process::exit(2);
    };
    let listener = match TcpListener::bind(("127.0.0.1", port)) {
        Ok(listener) => listener,
        Err(error) => {
            eprintln!("{name}: cannot listen on port {port}: {error}");
            process::exit(1);
        }
    };
    println!("{name} listens on http://127.0.0.1:{port}");
    loop {
        match listener.accept() {
            Ok((stream, _)) => {
                thread::spawn(move || respond(stream, answer));
            }
            Err(error) => eprintln!("{name}: {error}"),
        }
    }
}

/// Answers one request and closes the connection. A client that left is nobody's fault.
fn respond(mut stream: TcpStream, answer: fn() -> String) {
    let _ = stream.set_read_timeout(Some(PATIENCE));
    let Some(request_line) = read_request(&stream) else {
        return;
    };
    let (status, body) = match request_line.split(' ').take(2).collect::<Vec<_>>()[..] {
        ["GET", "/"] => ("200 OK", answer()),
        ["GET", "/health"] => ("200 OK", r#"{"healthy":true}"#.to_owned()),
        _ => ("404 Not Found", r#"{"error":"not found"}"#.to_owned()),
    };
    let _ = write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
}

/// The first line of a request whose headers have all come; they are at most 16 KiB.
fn read_request(stream: &TcpStream) -> Option<String> {
    let mut lines = BufReader::new(stream.take(16 * 1024)).lines();
    let first = lines.next()?.ok()?;
    lines
        .find(|line| line.as_ref().map_or(true, |text| text.is_empty()))?
        .ok()?;
    Some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_always_has_two_decimals() {
        assert_eq!(format_price(1205), "EUR 12.05");
        assert_eq!(format_price(7), "EUR 0.07");
    }
}
