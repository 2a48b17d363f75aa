//! Lines of SMTP, as they are or marked `C:` as the cases have them.

use posthouse_server::smtp::command::{Charset, Command, parse};

pub fn read(raw: &[u8]) {
    for line in raw.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let line = line.strip_prefix(b"C: ").unwrap_or(line);
        match parse(line) {
            Ok(Command::Mail(mail)) => {
                let from = mail.from.clone().unwrap_or_default();
                let utf8 = match mail.charset {
                    Charset::Ascii => "",
                    Charset::Utf8 => " SMTPUTF8",
                };
                let size = mail.size_bytes.map(|bytes| format!(" SIZE={bytes}"));
                let again = format!("MAIL FROM:<{from}>{}{utf8}", size.unwrap_or_default());
                assert_eq!(parse(again.as_bytes()), Ok(Command::Mail(mail)));
            }
            Ok(Command::Rcpt(to)) => {
                assert!(!to.contains(char::is_control), "{to:?}");
                let again = format!("RCPT TO:<{to}>");
                assert_eq!(parse(again.as_bytes()), Ok(Command::Rcpt(to)));
            }
            Ok(_) | Err(_) => {}
        }
    }
}
