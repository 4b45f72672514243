//! Puts the resources of the window (style, icons, shortcuts) into one file that is built into the program.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    #[cfg(feature = "ui")]
    glib_build_tools::compile_resources(
        &["data/resources", "data/icons"],
        "data/resources/gnome-reel.gresource.xml",
        "gnome-reel.gresource",
    );
}
