//! The commits that only one side of a branch has, against what the fixture says of their number and git of the rest.

use fixlead::divergence::{Oid, Role, Side};
use fixlead::git::{Cancel, Git};
use fixlead::look::{SideCommit, sides};

use crate::fixture::{Fixture, IN_ORDER, git};
use crate::look::{NOON, component, look};

#[test]
fn the_commits_of_both_sides_are_read_without_a_remote() {
    let fixture = Fixture::build(12, IN_ORDER);
    let folder = tempfile::tempdir().unwrap();
    let component = component(&fixture);
    let report = look(folder.path(), &component, NOON);
    let (program, cancel) = (Git::find().unwrap(), Cancel::default());
    let read = |tips: [Oid; 2]| sides(&program, folder.path(), &component, tips, &cancel);
    let mut seen = 0;
    for pair in &report.pairs {
        let ([Side::Tip(a), Side::Tip(b)], Some((ahead, behind))) = (&pair.tips, pair.counts) else { continue };
        let both = read([*a, *b]).unwrap();
        let counts = both.each_ref().map(Vec::len);
        assert_eq!(counts, [ahead, behind].map(|count| count.min(50) as usize), "{}", pair.branch);
        for (side, tip, role) in [(&both[0], a, Role::Security), (&both[1], b, Role::Canonical)] {
            let Some(newest) = side.first() else { continue };
            assert_eq!(newest.id, *tip, "{}", pair.branch);
            let said = git(&fixture.remote(role), &["log", "-1", "--format=%ct %an %s", &tip.to_string()]);
            let SideCommit { at, author, subject, .. } = newest;
            assert_eq!(format!("{} {author} {subject}", at.as_second()), said.trim());
            seen += 1;
        }
    }
    assert!(seen > 5, "{seen}");
    let nowhere: Oid = "1234567890123456789012345678901234567890".parse().unwrap();
    assert!(read([nowhere, nowhere]).is_err(), "what was not fetched can't be read");
    cancel.cancel();
    assert!(read([nowhere, nowhere]).is_err());
}
