//! Following aliases to the records they lead to.

use hickory_resolver::proto::op::{DnsResponse, ResponseCode};
use hickory_resolver::proto::rr::{Name, RData, RecordType};

use super::super::bounds;
use super::{DnsError, Found, Resolver, plain};

/// A walk along aliases.
pub(super) struct Chain {
    at: Name,
    kind: RecordType,
    passed: Vec<Name>,
    authentic: bool,
}

impl Chain {
    pub(super) fn new(at: Name, kind: RecordType) -> Self {
        Self {
            at,
            kind,
            passed: Vec::new(),
            authentic: true,
        }
    }

    pub(super) async fn follow(
        mut self,
        resolver: &Resolver,
    ) -> Result<Found<Vec<RData>>, DnsError> {
        loop {
            let response = resolver.ask(&self.at, self.kind).await?;
            self.authentic &= response.authentic_data;
            let before = self.passed.len();
            while let Some(target) = self.alias(&response) {
                self.step(target)?;
            }
            let value: Vec<RData> = response
                .answers
                .iter()
                .filter(|record| record.name == self.at && record.record_type() == self.kind)
                .map(|record| record.data.clone())
                .collect();
            if !value.is_empty() {
                return Ok(Found {
                    names: self.names(),
                    value,
                    authentic: self.authentic,
                });
            }
            // RFC 6604 section 3: the code is about the last name of the chain.
            if response.response_code == ResponseCode::NXDomain {
                return Err(DnsError::NoSuchName);
            }
            if self.passed.len() == before {
                return Err(DnsError::NoRecords);
            }
        }
    }

    /// Where the answer says that the current name leads.
    fn alias(&self, response: &DnsResponse) -> Option<Name> {
        if self.kind == RecordType::CNAME {
            return None;
        }
        response
            .answers
            .iter()
            .find_map(|record| match &record.data {
                RData::CNAME(target) if record.name == self.at => Some(target.0.clone()),
                _ => None,
            })
    }

    fn step(&mut self, target: Name) -> Result<(), DnsError> {
        let from = std::mem::replace(&mut self.at, target);
        self.passed.push(from);
        if self.passed.contains(&self.at) {
            return Err(DnsError::Unsure("the aliases run in a circle".to_owned()));
        }
        if self.passed.len() > bounds::DNS_ALIASES {
            return Err(DnsError::Unsure("too many aliases".to_owned()));
        }
        Ok(())
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.passed.iter().skip(1).map(plain).collect();
        if !self.passed.is_empty() {
            names.push(plain(&self.at));
        }
        names
    }
}
