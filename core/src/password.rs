//! Passwords: hashed, checked, and how often they may be wrong.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use argon2::password_hash::phc::{Output, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

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
    memory: Memory,
}

impl Default for Passwords {
    fn default() -> Self {
        Self {
            wrong: Mutex::default(),
            memory: Memory {
                room: Arc::new(Semaphore::new(PASSWORDS_AT_A_TIME)),
                free: Arc::default(),
            },
        }
    }
}

impl Passwords {
    /// Whether one more may be wrong.
    ///
    /// # Errors
    /// The wait until then, in milliseconds.
    pub(crate) fn may_be(&self, who: Wrong, now: Timestamp) -> std::result::Result<(), u64> {
        let wrong = locked(&self.wrong);
        let mut bucket = wrong.get(&who).copied().unwrap_or(Bucket::full());
        bucket.take(who.an_hour(), scaled(now)).map_err(unscaled)
    }

    /// One more was wrong.
    pub(crate) fn was(&self, who: Wrong, now: Timestamp) {
        let mut wrong = locked(&self.wrong);
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
        let hashed = move |memory: &mut Vec<Block>| {
            let argon2 = Argon2::default();
            let output = output(&argon2, password.0.as_bytes(), &salt, memory)?;
            let hash = PasswordHash {
                algorithm: Algorithm::default().ident(),
                version: Some(Version::default().into()),
                params: argon2.params().try_into().map_err(internal)?,
                salt: Some(Salt::new(&salt).map_err(internal)?),
                hash: Some(output),
            };
            Ok(hash.to_string())
        };
        self.memory.lend(hashed).await
    }

    /// Whether a password is the one that was hashed; as long in coming where there is none.
    pub(crate) async fn matches(&self, password: &str, hash: Option<String>) -> Result<bool> {
        let password = password.as_bytes().to_vec();
        if password.len() > *PASSWORD_BYTES.end() {
            return Ok(false);
        }
        let checked = move |memory: &mut Vec<Block>| {
            let Some(hash) = hash else {
                output(&Argon2::default(), &password, &[0; 16], memory)?;
                return Ok(false);
            };
            let hash = PasswordHash::new(&hash).map_err(internal)?;
            let argon2 = Argon2::new(
                Algorithm::try_from(hash.algorithm.as_str()).map_err(internal)?,
                Version::try_from(hash.version.unwrap_or_default()).map_err(internal)?,
                Params::try_from(&hash).map_err(internal)?,
            );
            let salt = hash
                .salt
                .ok_or_else(|| internal("a hash without its salt"))?;
            let output = output(&argon2, &password, &salt, memory)?;
            // Compares in constant time.
            Ok(hash.hash == Some(output))
        };
        self.memory.lend(checked).await
    }
}

fn output(
    argon2: &Argon2<'_>,
    password: &[u8],
    salt: &[u8],
    memory: &mut Vec<Block>,
) -> Result<Output> {
    memory.resize(argon2.params().block_count(), Block::new());
    let mut out = [0; Output::MAX_LENGTH];
    let length = argon2.params().output_len();
    let out = &mut out[..length.unwrap_or(Params::DEFAULT_OUTPUT_LEN)];
    argon2
        .hash_password_into_with_memory(password, salt, out, memory)
        .map_err(internal)?;
    Output::new(out).map_err(internal)
}

/// What passwords are hashed in, 19 MiB for each at a time, and never given back: freed, small
/// things would come to lie in its front, and the next hash would take as much anew.
struct Memory {
    room: Arc<Semaphore>,
    free: Arc<Mutex<Vec<Vec<Block>>>>,
}

impl Memory {
    async fn lend<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Vec<Block>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let room = Arc::clone(&self.room).acquire_owned().await;
        let room = room.map_err(internal)?;
        let free = Arc::clone(&self.free);
        let lent = move || {
            let mut memory = locked(&free).pop().unwrap_or_default();
            let told = work(&mut memory);
            locked(&free).push(memory);
            // Here, because whoever asked may have gone.
            drop(room);
            told
        };
        spawn_blocking(lent).await.map_err(internal)?
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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
