//! Which messages may say something, by the index.

use super::folder;
use crate::engine::Posthouse;
use crate::error::Result;
use crate::ids::FolderId;
use crate::mime::find::Needle;
use crate::model::owner::Owner;

impl Posthouse {
    /// For each needle, the numbers of the folder's messages that may hold it, ascending: no
    /// other does. None where no index can tell: then each may.
    ///
    /// # Errors
    /// As `items`.
    pub async fn may_say(
        &self,
        owner: &Owner,
        id: FolderId,
        needles: Vec<Needle>,
    ) -> Result<Vec<Option<Vec<u32>>>> {
        let owner = owner.clone();
        self.store
            .read(move |read| {
                folder(read, &owner, id)?;
                let one = |needle: &Needle| match needle.query() {
                    Some(query) => read.may_say(id, &query).map(Some),
                    None => Ok(None),
                };
                needles.iter().map(one).collect()
            })
            .await
    }
}
