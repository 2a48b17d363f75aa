use super::*;
use crate::mime::keys::{KeyError, dkim_record, ed25519_sign, generate_ed25519, generate_rsa2048};
use crate::mime::sign::{Algorithm, LoadedKey, SignError, SigningKey, sign};

fn ed25519(key: &LoadedKey) -> SigningKey<'_> {
    SigningKey {
        domain: "shop.example",
        selector: "e1",
        key,
    }
}

fn loaded_ed25519() -> LoadedKey {
    let pair = generate_ed25519([1; 32]);
    LoadedKey::load(Algorithm::Ed25519, &pair.private_der).unwrap()
}

fn signed(raw: &[u8]) -> String {
    let key = loaded_ed25519();
    let fields = sign(raw, &[ed25519(&key)], DATE_MS).unwrap();
    String::from_utf8(fields).unwrap()
}

/// The value of a tag, without blanks.
fn tag(fields: &str, name: &str) -> String {
    let compact: String = fields.split_whitespace().collect();
    compact
        .split(';')
        .find_map(|tag| tag.strip_prefix(&format!("{name}=")))
        .unwrap()
        .to_owned()
}

/// dkimpy 1.1.8 accepts this signature. Ed25519 always gives the same one.
#[test]
fn a_signature_is_exactly_this() {
    assert_eq!(
        signed(&composed(&draft())),
        "DKIM-Signature: v=1; a=ed25519-sha256; s=e1; d=shop.example; c=relaxed/relaxed;\r\n\
         \th=Content-Transfer-Encoding:Content-Type:MIME-Version:Date:Message-ID\r\n\
         \t:Subject:To:From:from; t=1709972130; bh=j+uJ1+KwQjMpdNiCngwvlv2FTzZnzkokoCY\r\n\
         \tASnN36NE=; b=07+W0HjWmaO/iydFVNuoHQ/TovT2M/9l0v5dfLq1UGQIaRda7iu2l2Zcsra4Cy\r\n\
         \tmodHK4NLSjzhR0Hl13suQnBQ==;\r\n"
    );
}

#[test]
fn fields_are_signed_there_or_not() {
    let bare = signed(b"From: a@b.cd\r\n\r\nHi\r\n");
    assert_eq!(
        tag(&bare, "h"),
        "From:subject:date:message-id:to:mime-version:content-type\
         :content-transfer-encoding:from"
    );
    let full = signed(
        b"Received: x\r\nReferences: <r>\r\nList-Unsubscribe: <u>\r\n\
          List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nFrom: a@b.cd\r\n\
          Cc: c@d.ef\r\nCc: g@h.ij\r\nReply-To: k@l.mn\r\nIn-Reply-To: <i>\r\n\r\nHi\r\n",
    );
    assert_eq!(
        tag(&full, "h"),
        "In-Reply-To:Reply-To:Cc:Cc:From:List-Unsubscribe-Post:List-Unsubscribe:References:subject\
         :date:message-id:to:mime-version:content-type:content-transfer-encoding:from"
    );
}

/// RFC 6376 3.4.4: blank lines at the end, and blanks at the end of lines, do
/// not count; the hash of an empty body is the one of RFC 6376 3.4.4's table.
#[test]
fn blank_lines_at_the_end_do_not_change_the_body_hash() {
    let hash = |body: &str| {
        tag(
            &signed(format!("From: a@b.cd\r\n\r\n{body}").as_bytes()),
            "bh",
        )
    };
    for empty in ["", "\r\n", "\r\n\r\n", " \r\n", "\t\r\n \r\n"] {
        assert_eq!(
            hash(empty),
            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
            "{empty:?}"
        );
    }
    for body in [
        "a",
        "a\r\n",
        "a \t\r\n",
        "a\r\n\r\n",
        "a\r\n \r\n",
        "a\r\n\t\r\n\r\n  \r\n",
    ] {
        assert_eq!(hash(body), hash("a\r\n"), "{body:?}");
    }
    assert_ne!(hash(" a\r\n"), hash("a\r\n"));
    assert_ne!(hash("\r\na\r\n"), hash("a\r\n"));
    assert_eq!(hash("a  \t b\r\n"), hash("a b\r\n"));
}

#[test]
fn every_key_signs_the_message_without_the_others() {
    let pair = generate_rsa2048().unwrap();
    let (rsa, ed) = (
        LoadedKey::load(Algorithm::Rsa, &pair.private_der).unwrap(),
        loaded_ed25519(),
    );
    let rsa_key = SigningKey {
        selector: "r1",
        ..ed25519(&rsa)
    };
    let raw = composed(&draft());
    let both = sign(&raw, &[rsa_key, ed25519(&ed)], DATE_MS).unwrap();
    let alone = sign(&raw, &[rsa_key], DATE_MS).unwrap();
    // PKCS#1 v1.5 signatures are always the same, too.
    assert_eq!(
        String::from_utf8(both).unwrap(),
        String::from_utf8(alone).unwrap() + &signed(&raw)
    );
    assert_eq!(sign(&raw, &[], DATE_MS), Ok(Vec::new()));
}

#[test]
fn what_cannot_be_signed() {
    let (rsa, ed) = (generate_rsa2048().unwrap(), generate_ed25519([1; 32]));
    let loaded = loaded_ed25519();
    let key = ed25519(&loaded);
    for raw in [
        "",
        "\r\nFrom: a@b.cd\r\n",
        "To: a@b.cd\r\n\r\n",
        " From: x\r\n\r\n",
    ] {
        assert_eq!(
            sign(raw.as_bytes(), &[key], 0),
            Err(SignError::MissingFrom),
            "{raw}"
        );
    }
    for (algorithm, private_der) in [
        (Algorithm::Ed25519, rsa.private_der.as_slice()),
        (Algorithm::Rsa, ed.private_der.as_slice()),
        (Algorithm::Rsa, b"nonsense".as_slice()),
        (Algorithm::Ed25519, b"".as_slice()),
    ] {
        let loaded = LoadedKey::load(algorithm, private_der);
        assert!(matches!(loaded, Err(SignError::BadKey)), "{algorithm}");
    }
}

#[test]
fn records() {
    let rsa = dkim_record(Algorithm::Rsa, &generate_rsa2048().unwrap().public);
    // The start of every SubjectPublicKeyInfo of an RSA key of 2048 bits.
    assert!(rsa.starts_with("v=DKIM1; k=rsa; h=sha256; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A"));
    // RFC 8463 A.2.
    let seed = b"\x9d\x61\xb1\x9d\xef\xfd\x5a\x60\xba\x84\x4a\xf4\x92\xec\x2c\xc4\
                 \x44\x49\xc5\x69\x7b\x32\x69\x19\x70\x3b\xac\x03\x1c\xae\x7f\x60";
    assert_eq!(
        dkim_record(Algorithm::Ed25519, &generate_ed25519(*seed).public),
        "v=DKIM1; k=ed25519; h=sha256; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
    );
}

#[test]
fn webhook_signatures() {
    // RFC 8032 7.1, test 1: an empty body.
    let seed = b"\x9d\x61\xb1\x9d\xef\xfd\x5a\x60\xba\x84\x4a\xf4\x92\xec\x2c\xc4\
                 \x44\x49\xc5\x69\x7b\x32\x69\x19\x70\x3b\xac\x03\x1c\xae\x7f\x60";
    let signature = ed25519_sign(&generate_ed25519(*seed).private_der, b"").unwrap();
    let hex: String = signature.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(
        hex,
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155\
         5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    );
    assert_eq!(ed25519_sign(b"nonsense", b""), Err(KeyError::Malformed));
}
