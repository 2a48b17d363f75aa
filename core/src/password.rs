//! Passwords: hashed, checked, and how often they may be wrong.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::{Semaphore, oneshot};

use crate::clock::Timestamp;
use crate::error::{Field, Reason, Result, internal};
use crate::ids::{MailboxId, UserId};
use crate::limits::{
    PASSWORD_BYTES, PASSWORDS_AT_A_TIME, WRONG_PASSWORDS, WRONG_PASSWORDS_FROM, WRONG_REMEMBERED,
};
use crate::model::rate::Bucket;

/// An hour's worth of tries is a bucket's minute.
const HOUR: i64 = 60;

/// A password that can be one.
pub(crate) struct Password(String);

impl Password {
    /// # Errors
    /// `Invalid` password.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        if text.len() > *PASSWORD_BYTES.end() {
            return Err(Field::Password.error(Reason::TooLong));
        }
        // Clients cannot send it otherwise (RFC 4616 section 2).
        if text.len() < *PASSWORD_BYTES.start() || text.contains('\0') {
            let told = format!("at least {} characters", PASSWORD_BYTES.start());
            let problem = Field::Password.problem(Reason::Malformed).of(told);
            return Err(crate::error::Error::Invalid(vec![problem]));
        }
        Ok(Self(text.to_owned()))
    }
}

/// Who was wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Wrong {
    /// Somebody about this mailbox.
    Of(MailboxId),
    /// Somebody about this person.
    Person(UserId),
    /// Somebody there; of IPv6 the network of 64 bits, which is one customer's.
    From(IpAddr),
}

impl Wrong {
    pub(crate) fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V6(six) => {
                let network = six.to_bits() & !u128::from(u64::MAX);
                Self::From(IpAddr::V6(network.into()))
            }
            four @ IpAddr::V4(_) => Self::From(four),
        }
    }

    const fn an_hour(self) -> u32 {
        match self {
            Self::Of(_) | Self::Person(_) => WRONG_PASSWORDS,
            Self::From(_) => WRONG_PASSWORDS_FROM,
        }
    }
}

/// Who showed wrong passwords lately, and room to check some. Kept in memory: a restart
/// forgives.
pub(crate) struct Passwords {
    wrong: Mutex<HashMap<Wrong, Bucket>>,
    room: Semaphore,
    threads: Threads,
}

impl Default for Passwords {
    fn default() -> Self {
        Self {
            wrong: Mutex::default(),
            room: Semaphore::new(PASSWORDS_AT_A_TIME),
            threads: Threads::default(),
        }
    }
}

impl Passwords {
    /// Whether one more may be wrong.
    ///
    /// # Errors
    /// The wait until then, in milliseconds.
    pub(crate) fn may_be(&self, who: Wrong, now: Timestamp) -> std::result::Result<(), u64> {
        let wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        let mut bucket = wrong.get(&who).copied().unwrap_or(Bucket::full());
        bucket.take(who.an_hour(), scaled(now)).map_err(unscaled)
    }

    /// One more was wrong.
    pub(crate) fn was(&self, who: Wrong, now: Timestamp) {
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        if wrong.len() >= WRONG_REMEMBERED {
            wrong.retain(|_, bucket| !bucket.is_full(scaled(now)));
        }
        // With so many under way, the newest are the ones that go unremembered.
        if wrong.len() < WRONG_REMEMBERED || wrong.contains_key(&who) {
            let bucket = wrong.entry(who).or_insert(Bucket::full());
            // An empty bucket stays so.
            let _ = bucket.take(who.an_hour(), scaled(now));
        }
    }

    /// Hashes a password: Argon2id as RFC 9106 section 4 has it for little memory, as a PHC
    /// string.
    pub(crate) async fn hash(&self, password: Password, salt: [u8; 16]) -> Result<String> {
        let _room = self.room.acquire().await.map_err(internal)?;
        let hashed = move || {
            let argon2 = Argon2::default();
            let hash: PasswordHash = argon2
                .hash_password_with_salt(password.0.as_bytes(), &salt)
                .map_err(internal)?;
            Ok(hash.to_string())
        };
        self.threads.run(hashed).await
    }

    /// Whether a password is the one that was hashed; as long in coming where there is none.
    pub(crate) async fn matches(&self, password: &str, hash: Option<String>) -> Result<bool> {
        let password = password.as_bytes().to_vec();
        if password.len() > *PASSWORD_BYTES.end() {
            return Ok(false);
        }
        let _room = self.room.acquire().await.map_err(internal)?;
        let checked = move || {
            let Some(hash) = hash else {
                let none: std::result::Result<PasswordHash, _> =
                    Argon2::default().hash_password_with_salt(&password, &[0; 16]);
                none.map_err(internal)?;
                return Ok(false);
            };
            let hash = PasswordHash::new(&hash).map_err(internal)?;
            Ok(Argon2::default().verify_password(&password, &hash).is_ok())
        };
        self.threads.run(checked).await
    }
}

/// Threads for hashing, those that were used last first. On the pool of those that block, each
/// would come to keep what one hash takes for itself, 19 MiB. What a thread freed is not always
/// used again for its next hash: small things may lie in its front by then.
#[derive(Default)]
struct Threads(Mutex<Vec<mpsc::Sender<Work>>>);

type Work = Box<dyn FnOnce() + Send>;

impl Threads {
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let free = self.free().pop();
        let thread = free.map_or_else(start, Ok)?;
        let (done, told) = oneshot::channel();
        // Whoever asked may have gone; then the thread goes too.
        let work = move || drop(done.send(work()));
        thread.send(Box::new(work)).map_err(internal)?;
        let told = told.await.map_err(internal)?;
        self.free().push(thread);
        told
    }

    fn free(&self) -> MutexGuard<'_, Vec<mpsc::Sender<Work>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A thread that works until nobody can send it more.
fn start() -> Result<mpsc::Sender<Work>> {
    let (sender, work) = mpsc::channel::<Work>();
    std::thread::Builder::new()
        .name(String::from("password"))
        .spawn(move || work.iter().for_each(|work| work()))
        .map_err(internal)?;
    Ok(sender)
}

const fn scaled(now: Timestamp) -> Timestamp {
    Timestamp(now.0 / HOUR)
}

const fn unscaled(wait_ms: u64) -> u64 {
    wait_ms.saturating_mul(HOUR.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_may_be_wrong_in_an_hour() {
        let passwords = Passwords::default();
        let who = Wrong::from("2001:db8::1".parse().unwrap());
        let same = Wrong::from("2001:db8::ffff".parse().unwrap());
        let other = Wrong::from("2001:db8:0:1::1".parse().unwrap());
        let start = Timestamp(1_700_000_000_000);
        for _ in 0..WRONG_PASSWORDS_FROM {
            assert_eq!(passwords.may_be(who, start), Ok(()));
            passwords.was(who, start);
        }
        let wait = 3_600_000 / u64::from(WRONG_PASSWORDS_FROM);
        assert_eq!(passwords.may_be(same, start), Err(wait));
        assert_eq!(passwords.may_be(other, start), Ok(()));
        let later = Timestamp(start.0 + i64::try_from(wait).unwrap());
        assert_eq!(passwords.may_be(same, later), Ok(()));
    }

    #[tokio::test]
    async fn a_password_matches_its_hash_and_no_other() {
        let passwords = Passwords::default();
        let password = Password::parse("correct horse").unwrap();
        let hash = passwords.hash(password, [7; 16]).await.unwrap();
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        for (text, hash, expected) in [
            ("correct horse", Some(hash.clone()), true),
            ("Correct horse", Some(hash.clone()), false),
            ("", Some(hash), false),
            ("correct horse", None, false),
        ] {
            assert_eq!(passwords.matches(text, hash).await.unwrap(), expected);
        }
        for text in ["", "1234567", "12345678\0"] {
            assert!(Password::parse(text).is_err());
        }
        assert!(Password::parse(&"x".repeat(1_025)).is_err());
    }
}
