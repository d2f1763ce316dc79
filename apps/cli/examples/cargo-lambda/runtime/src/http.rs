//! As much of an HTTP client as the Runtime API needs: one request for each connection.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;

pub struct Response {
    status: u16,
    /// Names in lower case.
    headers: Vec<(String, String)>,
    pub body: String,
}

impl Response {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key == name)?;
        Some(&found.1)
    }

    pub fn expect(self, status: u16) -> io::Result<Self> {
        if self.status == status {
            return Ok(self);
        }
        Err(io::Error::other(format!(
            "answered {}: {}",
            self.status, self.body
        )))
    }
}

pub fn get(api: &str, path: &str) -> io::Result<Response> {
    request(api, "GET", path, &[], "")
}

pub fn post(api: &str, path: &str, headers: &[(&str, &str)], body: &str) -> io::Result<Response> {
    request(api, "POST", path, headers, body)
}

/// `api` is `host:port`, perhaps with a path behind it that goes before `path`. There is no time
/// limit: an idle function waits for its next invocation as long as it takes.
fn request(
    api: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> io::Result<Response> {
    let (host, prefix) = match api.split_once('/') {
        Some((host, prefix)) => (host, format!("/{}", prefix.trim_end_matches('/'))),
        None => (api, String::new()),
    };
    let mut text = format!(
        "{method} {prefix}{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {}\r\n",
        body.len()
    );
    if !body.is_empty() {
        text.push_str("Content-Type: application/json\r\n");
    }
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    text.push_str(body);

    let mut stream = TcpStream::connect(host)?;
    stream.write_all(text.as_bytes())?;
    read_response(BufReader::new(stream))
}

fn read_response(mut reader: impl BufRead) -> io::Result<Response> {
    let status_line = read_line(&mut reader)?;
    let status = status_line
        .split(' ')
        .nth(1)
        .and_then(|code| code.parse().ok())
        .ok_or_else(|| malformed("status line"))?;
    let mut headers = Vec::new();
    loop {
        let line = read_line(&mut reader)?;
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').ok_or_else(|| malformed("header"))?;
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut response = Response {
        status,
        headers,
        body: String::new(),
    };
    let bytes = read_body(&mut reader, &response)?;
    response.body = String::from_utf8(bytes).map_err(|_| malformed("body"))?;
    Ok(response)
}

fn read_body(reader: &mut impl BufRead, response: &Response) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    if response.header("transfer-encoding") == Some("chunked") {
        loop {
            let line = read_line(reader)?;
            let size = line.split(';').next().unwrap_or_default();
            let size = usize::from_str_radix(size, 16).map_err(|_| malformed("chunk"))?;
            if size == 0 {
                return Ok(body);
            }
            take(reader, size, &mut body)?;
            read_line(reader)?;
        }
    }
    match response.header("content-length") {
        Some(length) => {
            let length = length.parse().map_err(|_| malformed("content-length"))?;
            take(reader, length, &mut body)?;
        }
        None => {
            reader.read_to_end(&mut body)?;
        }
    }
    Ok(body)
}

/// Reads exactly so many bytes; fewer are an error, not a shorter body.
fn take(reader: &mut impl Read, length: usize, body: &mut Vec<u8>) -> io::Result<()> {
    let read = reader.take(length as u64).read_to_end(body)?;
    if read == length {
        return Ok(());
    }
    Err(io::ErrorKind::UnexpectedEof.into())
}

fn read_line(reader: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn malformed(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("malformed {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_in_chunks_is_put_together() {
        let text =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
        let response = read_response(text.as_bytes()).unwrap();
        assert_eq!((response.status, response.body.as_str()), (200, "abcde"));
    }

    #[test]
    fn a_body_that_was_cut_off_is_an_error() {
        let text = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc";
        let error = read_response(text.as_bytes()).err().unwrap();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    }
}
