//! Posthouse as a light self-hosted server: HTTP dialects over one engine.

pub mod dialects;
pub mod http;
pub mod net;
