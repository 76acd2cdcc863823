//! Writes files into a folder, all of them or none.

use super::CompileError;
use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

/// One file on its way to its place.
struct Step {
    new: PathBuf,
    place: PathBuf,
    old: PathBuf,
}

/// Puts files into a folder; one without content is removed. Each is written beside its place first; then all are
/// renamed, and when a rename fails those before it are undone.
///
/// # Errors
/// With the file; the folder then is as it was.
pub fn write_all(folder: &Path, files: &[(&str, Option<Vec<u8>>)]) -> Result<(), CompileError> {
    fs::create_dir_all(folder).map_err(|error| CompileError::io(folder, error))?;
    let steps: Vec<Step> = files
        .iter()
        .map(|(name, _)| Step {
            new: folder.join(format!(".{name}.new")),
            place: folder.join(name),
            old: folder.join(format!(".{name}.old")),
        })
        .collect();
    let contents = files.iter().map(|(_, content)| content.as_deref());
    let written = steps
        .iter()
        .zip(contents)
        .try_for_each(|(step, content)| match content {
            Some(content) => write(&step.new, content),
            None => Ok(()),
        });
    let done = written.and_then(|()| put(&steps));
    for step in &steps {
        let _ = fs::remove_file(&step.new);
        let _ = fs::remove_file(&step.old);
    }
    done
}

fn write(path: &Path, content: &[u8]) -> Result<(), CompileError> {
    let write = || {
        let mut file = fs::File::create(path)?;
        file.write_all(content)?;
        file.sync_all()
    };
    write().map_err(|error| CompileError::io(path, error))
}

fn put(steps: &[Step]) -> Result<(), CompileError> {
    for (done, step) in steps.iter().enumerate() {
        let moved = rename_if_there(&step.place, &step.old).and_then(|()| rename_if_there(&step.new, &step.place));
        if let Err(error) = moved {
            // Files that existed are restored; new ones are removed.
            for step in &steps[..=done] {
                let _ = fs::remove_file(&step.place);
                let _ = rename_if_there(&step.old, &step.place);
            }
            return Err(CompileError::io(&step.place, error));
        }
    }
    Ok(())
}

fn rename_if_there(from: &Path, to: &Path) -> std::io::Result<()> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn when_one_file_cannot_take_its_place_all_others_stay_as_they_were() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("a"), "old").unwrap();
        // A folder with something in it cannot be renamed over.
        fs::create_dir_all(path(".c.old/full")).unwrap();
        fs::create_dir_all(path("c/full")).unwrap();
        let files = [
            ("a", Some(b"new".to_vec())),
            ("b", Some(b"new".to_vec())),
            ("c", Some(b"new".to_vec())),
        ];
        assert!(write_all(folder.path(), &files).is_err());
        assert_eq!(fs::read_to_string(path("a")).unwrap(), "old");
        assert!(!path("b").exists() && path("c/full").exists());
        assert!(!path(".a.new").exists() && !path(".a.old").exists());
    }

    #[test]
    fn a_file_without_content_is_taken_away() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a"), "old").unwrap();
        write_all(folder.path(), &[("a", None), ("b", Some(Vec::new()))]).unwrap();
        assert!(!folder.path().join("a").exists() && folder.path().join("b").exists());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
