//! File systems of our own on a loop device, whose power can be cut.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A file system and how it is mounted.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// ext4 as it comes.
    Ext4,
    /// ext4 that keeps names in order, but not what is in the files.
    Ext4Writeback,
    Xfs,
    /// A small one that is filled quickly.
    SmallExt4,
    /// A quota can be had for a part of it.
    Btrfs,
    /// ext4 in an image that has no more room behind it than [`Disk::behind`] has.
    Thin,
    /// In memory, and small.
    Memory,
}

/// What a cut leaves of the journal.
#[derive(Clone, Copy, Debug)]
pub enum Cut {
    /// What was not written yet is lost.
    Sudden,
    /// The journal, which holds names and sizes, was written a moment before; what is in the files was not.
    NamesFirst,
}

/// A mounted file system in a file. It goes with this value.
pub struct Disk {
    folder: TempDir,
    options: &'static [&'static str],
}

impl Disk {
    pub fn new(kind: Kind) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let behind = folder.path().join("behind");
        fs::create_dir(&behind).expect("a folder");
        if matches!(kind, Kind::Thin) {
            run(&["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs"], &[&behind]);
        }
        let image = behind.join("image");
        let (megabytes, make, options): (u64, &[&str], &'static [&'static str]) = match kind {
            Kind::Ext4 | Kind::Thin => (16, &["mkfs.ext4", "-q", "-F"], &["-o", "loop"]),
            Kind::Ext4Writeback => (16, &["mkfs.ext4", "-q", "-F"], &["-o", "loop,data=writeback"]),
            Kind::Xfs => (320, &["mkfs.xfs", "-q", "-f"], &["-o", "loop"]),
            Kind::SmallExt4 => (2, &["mkfs.ext4", "-q", "-F", "-b", "1024", "-O", "^has_journal"], &["-o", "loop"]),
            Kind::Btrfs => (256, &["mkfs.btrfs", "-q", "-f"], &["-o", "loop"]),
            Kind::Memory => (0, &["true"], &["-t", "tmpfs", "-o", "size=512k"]),
        };
        File::create(&image).and_then(|file| file.set_len(megabytes << 20)).expect("an image");
        run(make, &[&image]);
        fs::create_dir(folder.path().join("mount")).expect("a folder");
        let disk = Self { folder, options };
        disk.mount();
        disk
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("mount")
    }

    /// Where its image lies.
    pub fn behind(&self) -> PathBuf {
        self.folder.path().join("behind")
    }

    pub fn mount(&self) {
        let words: Vec<&str> = ["mount"].iter().chain(self.options).copied().collect();
        run(&words, &[&self.behind().join("image"), &self.path()]);
    }

    pub fn unmount(&self) {
        run(&["umount"], &[&self.path()]);
    }

    /// The same while files on it are open: nobody gets there any more.
    pub fn unmount_busy(&self) {
        run(&["umount", "-l"], &[&self.path()]);
    }

    /// What is on the disk by now comes back as another disk.
    pub fn mount_as_another(&self) {
        let image = self.behind().join("image");
        let other = self.behind().join("other");
        fs::copy(&image, &other).expect("a copy");
        fs::rename(other, image).expect("a copy");
        self.mount();
    }

    /// Nobody can write to it by its path any more.
    pub fn turn_read_only(&self) {
        run(&["mount", "--bind"], &[&self.path(), &self.path()]);
        run(&["mount", "-o", "remount,bind,ro"], &[&self.path()]);
    }

    /// Back from there.
    pub fn turn_writable(&self) {
        self.unmount_busy();
    }

    /// Everything that was written so far is on the disk.
    pub fn sync(&self) {
        run(&["sync", "-f"], &[&self.path()]);
    }

    /// The power goes off, and on again.
    pub fn cut(&self, cut: Cut) {
        self.fail(cut);
        self.unmount();
        self.mount();
    }

    /// From here on the disk answers nothing: the file system is shut down as if it had been pulled out.
    pub fn fail(&self, cut: Cut) {
        // The request is the same for ext4 and xfs: shut down, with or without the journal.
        let how = match cut {
            Cut::Sudden => 2,
            Cut::NamesFirst => 1,
        };
        let script = format!(
            "open F, '<', $ARGV[0] or die $!; my $how = pack('I', {how}); ioctl(F, 0x8004587d, $how) or die $!"
        );
        run(&["perl", "-e", &script], &[&self.path()]);
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
        let _ = Command::new("umount").args(["-q", "-l"]).arg(self.behind()).stderr(Stdio::null()).status();
    }
}

pub fn run(words: &[&str], paths: &[&Path]) {
    let output = Command::new(words[0]).args(&words[1..]).args(paths).output();
    let output = output.unwrap_or_else(|error| panic!("{}: {error}", words[0]));
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
}
