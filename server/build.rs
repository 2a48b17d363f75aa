//! The page that is built into the server may not have been made: an empty folder stands for
//! it, and the server is built again when there is something in it.

fn main() {
    let page = "../desktop/ui/dist";
    // Where nothing can be made there is no page, which the server says of itself.
    let _ = std::fs::create_dir_all(page);
    println!("cargo::rerun-if-changed={page}");
}
