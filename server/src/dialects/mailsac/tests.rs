//! The operations, over all of HTTP but the sockets.

use super::*;

#[test]
fn it_owns_its_own_paths_and_no_others() {
    for (path, owns) in [
        ("/api", true),
        ("/api/", true),
        ("/api/addresses", true),
        ("/api/v", true),
        ("/api/v10/send", true),
        ("/api/v1", false),
        ("/api/v1/send", false),
        ("/incoming-messages", true),
        ("/incoming-messages/", true),
        ("/incoming", false),
        ("/apis", false),
        ("/v1/emails", false),
        ("/", false),
    ] {
        assert_eq!(Mailsac.owns(path), owns, "{path}");
    }
}
