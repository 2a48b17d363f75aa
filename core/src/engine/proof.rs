//! Whether a database was sealed with the master key that is at hand.

use crate::error::{Result, internal};
use crate::ids::Entropy;
use crate::seal::Vault;
use crate::store::Store;

const PROOF: &[u8] = b"posthouse";

/// The first opening leaves a sealed proof; each later one has to open it.
pub(super) async fn prove(store: &Store, vault: &Vault, entropy: &dyn Entropy) -> Result<()> {
    let found = store.read(|read| read.vault_proof()).await?;
    let Some(proof) = found else {
        let proof = vault.seal("proof", PROOF, entropy)?;
        return store
            .write(move |write| write.set_vault_proof(&proof))
            .await;
    };
    match vault.open("proof", &proof) {
        Ok(text) if text == PROOF => Ok(()),
        _ => Err(internal(
            "this database was made with another master key; give Posthouse the key file that was made beside it",
        )),
    }
}
