use super::*;
use crate::model::domain::Need;

fn record(kind: RecordKind, expected: &str) -> Record {
    Record {
        kind,
        record_type: "TXT",
        name: String::from("x.test"),
        expected: expected.to_owned(),
        need: Need::Required,
        checked: None,
    }
}

#[test]
fn judges_each_kind() {
    use RecordKind as K;
    use Verdict as V;
    let spf = "v=spf1 include:mailer.h.test ~all";
    let cases: &[(K, &str, &[&str], V)] = &[
        (
            K::Dkim,
            "v=DKIM1; k=rsa; p=AAEC",
            &["v=DKIM1; k=rsa; p=AAEC"],
            V::Match,
        ),
        (
            K::Dkim,
            "v=DKIM1; k=rsa; p=AAEC",
            &["other", "k=rsa;p=AA EC"],
            V::Match,
        ),
        (
            K::Dkim,
            "v=DKIM1; k=rsa; p=AAEC",
            &["v=DKIM1; k=rsa; p=AAED"],
            V::Mismatch,
        ),
        (
            K::Dkim,
            "v=DKIM1; k=rsa; p=AAEC",
            &["v=DKIM1; p="],
            V::Mismatch,
        ),
        (K::Dkim, "v=DKIM1; k=rsa; p=AAEC", &[], V::Absent),
        (K::ReturnPath, "mailer.h.test", &["MAILER.h.test"], V::Match),
        (K::ReturnPath, "mailer.h.test", &["else.test"], V::Mismatch),
        (K::ReturnPath, "mailer.h.test", &[], V::Absent),
        (
            K::Dmarc,
            "v=DMARC1; p=none",
            &["v=dmarc1; p=reject"],
            V::Match,
        ),
        (K::Dmarc, "v=DMARC1; p=none", &["x"], V::Mismatch),
        (
            K::Spf,
            spf,
            &["google-verification", "v=spf1 a include:mailer.h.test -all"],
            V::Match,
        ),
        (K::Spf, spf, &["google-verification"], V::Absent),
        (
            K::Spf,
            spf,
            &["v=spf1 include:mailer.h.test", "v=spf1 -all"],
            V::Mismatch,
        ),
        (K::Mx, "10 h.test", &["5 other.test", "20 H.test"], V::Match),
        (K::Mx, "10 h.test", &["5 other.test"], V::Mismatch),
    ];
    for (kind, expected, found, verdict) in cases {
        let found = found.iter().map(|text| (*text).to_owned()).collect();
        assert_eq!(
            judge(&record(*kind, expected), found).0,
            *verdict,
            "{kind} {expected}"
        );
    }
}

#[test]
fn what_dns_could_not_tell_proves_nothing() {
    let checked = |verdict| {
        Some(Checked {
            verdict,
            found: vec![],
            at: Timestamp(0),
        })
    };
    let records = |dkim, path, dmarc| {
        [
            (RecordKind::Dkim, dkim),
            (RecordKind::ReturnPath, path),
            (RecordKind::Dmarc, dmarc),
        ]
        .map(|(kind, verdict)| Record {
            checked: checked(verdict),
            ..record(kind, "")
        })
    };
    use Verdict as V;
    let flags = |dkim, path, dmarc| {
        let verified = verified(&records(dkim, path, dmarc));
        (verified.dkim, verified.advanced)
    };
    assert_eq!(
        flags(V::Match, V::Match, V::Match),
        (Some(true), Some(true))
    );
    assert_eq!(flags(V::Unsure, V::Match, V::Unsure), (None, None));
    assert_eq!(
        flags(V::Absent, V::Unsure, V::Absent),
        (Some(false), Some(false))
    );
    assert_eq!(
        flags(V::Mismatch, V::Match, V::Mismatch),
        (Some(false), Some(false))
    );
}
