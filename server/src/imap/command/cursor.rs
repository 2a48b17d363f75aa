//! Reads values one after the other. None means that something else stands there.

/// A place in a command, its literals among its lines.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'a>(pub(super) &'a [u8]);

impl<'a> Cursor<'a> {
    /// Takes these bytes, in any case of letters.
    pub(super) fn take(&mut self, text: &str) -> Option<()> {
        let (start, rest) = self.0.split_at_checked(text.len())?;
        if !start.eq_ignore_ascii_case(text.as_bytes()) {
            return None;
        }
        self.0 = rest;
        Some(())
    }

    pub(super) fn is_at(&self, text: &str) -> bool {
        (*self).clone().take(text).is_some()
    }

    /// Takes an atom, in capitals.
    pub(super) fn word(&mut self) -> Option<String> {
        let word = self.run(|byte| byte.is_ascii_graphic() && !br#"(){%*"\]"#.contains(&byte))?;
        Some(String::from_utf8_lossy(word).to_ascii_uppercase())
    }

    /// Takes `(one two)`; `one` takes what stands between the blanks.
    pub(super) fn list<T>(
        &mut self,
        mut one: impl FnMut(&mut Self) -> Option<T>,
    ) -> Option<Vec<T>> {
        self.take("(")?;
        let mut found = Vec::new();
        while !self.is_at(")") {
            if !found.is_empty() {
                self.take(" ")?;
            }
            found.push(one(self)?);
        }
        self.take(")")?;
        Some(found)
    }

    /// Takes a folder's name, or a pattern of names where wildcards need no quotes.
    pub(super) fn pattern(&mut self) -> Option<String> {
        match self.0.first()? {
            b'"' => self.quoted(),
            b'{' => self.literal(),
            _ => {
                let text =
                    self.run(|byte| byte > b' ' && byte != 127 && !br#"(){"\"#.contains(&byte))?;
                String::from_utf8(text.to_vec()).ok()
            }
        }
    }

    fn run(&mut self, fine: impl Fn(u8) -> bool) -> Option<&'a [u8]> {
        let end = self.0.iter().position(|byte| !fine(*byte));
        let (run, rest) = self.0.split_at(end.unwrap_or(self.0.len()));
        self.0 = rest;
        (!run.is_empty()).then_some(run)
    }

    /// Quoted text, which may be UTF-8 (RFC 9051 section 4.3).
    pub(super) fn quoted(&mut self) -> Option<String> {
        self.take("\"")?;
        let mut text = Vec::new();
        loop {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            match byte {
                b'"' => return String::from_utf8(text).ok(),
                b'\\' => {
                    let (escaped, rest) = self.0.split_first()?;
                    self.0 = rest;
                    if !matches!(escaped, b'"' | b'\\') {
                        return None;
                    }
                    text.push(*escaped);
                }
                0 | b'\r' | b'\n' => return None,
                byte => text.push(*byte),
            }
        }
    }

    fn literal(&mut self) -> Option<String> {
        self.take("{")?;
        let digits = self.run(|byte| byte.is_ascii_digit())?;
        let bytes: usize = std::str::from_utf8(digits).ok()?.parse().ok()?;
        let _ = self.take("+");
        self.take("}\r\n")?;
        let (text, rest) = self.0.split_at_checked(bytes)?;
        self.0 = rest;
        String::from_utf8(text.to_vec()).ok()
    }
}
