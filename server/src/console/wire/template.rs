//! Texts with placeholders that mail is made from.

use std::collections::BTreeMap;

use super::{given, told};

given! {
    /// `template.save`
    pub struct TemplateSave {
        /// Its UUID; null makes one.
        pub id: Option<String>,
        pub name: String,
        pub subject: Option<String>,
        pub html: Option<String>,
        pub text: Option<String>,
    }

    /// `template.preview`
    pub struct TemplatePreviewAsked {
        pub source: TemplateSource,
        /// What stands for the placeholders.
        #[cfg_attr(test, ts(type = "Record<string, unknown>"))]
        pub data: serde_json::Map<String, serde_json::Value>,
    }

    /// A template's texts.
    pub struct TemplateSource {
        pub subject: Option<String>,
        pub html: Option<String>,
        pub text: Option<String>,
    }
}

told! {
    /// A template in a list.
    pub struct TemplateRow {
        /// Its UUID.
        pub id: String,
        pub name: String,
        pub published: bool,
        /// How often it was published.
        pub version: u32,
        pub updated_at: String,
    }

    /// `template.show`
    pub struct TemplateShown {
        pub id: String,
        pub name: String,
        pub subject: Option<String>,
        pub html: Option<String>,
        pub text: Option<String>,
        pub published: bool,
        pub version: u32,
        pub created_at: String,
        pub updated_at: String,
        /// The names of its placeholders.
        pub placeholders: Vec<String>,
    }

    /// `template.preview`
    pub struct TemplatePreview {
        pub subject: Option<String>,
        /// For a sandboxed frame.
        pub html: Option<String>,
        /// The same as a page of its own, for some time.
        pub html_url: Option<String>,
        pub text: Option<String>,
        /// By part (`subject`, `html`, `text`): what is wrong, with line and column.
        pub problems: BTreeMap<String, String>,
    }
}
