//! What the README shows is what there is.

#[test]
fn the_example_in_the_readme_is_the_one_that_compiles() {
    let readme = include_str!("../../README.md");
    let example = include_str!("../../core/examples/embed.rs");
    assert!(
        readme.contains(&format!("```rust\n{example}```")),
        "copy core/examples/embed.rs into README.md"
    );
}
