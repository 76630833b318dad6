//! Servers that want to know who asks: the person has the terminal meanwhile, and tells them.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::{Session, looking, scanner, terminal};
use crate::app::board::host;
use crate::app::board::scan::{Manner, Scan};
use crate::app::message::Effect;
use crate::divergence::Component;
use crate::git::Cancel;
use crate::text::displayable;

impl Session {
    /// Lets the servers of components ask the person, one after the other, until they have brought what is new or the person has
    /// enough of it. The looks themselves go on beside the screen, and ask nobody. False if this program is to end before.
    pub(super) async fn sign_in(&mut self, scan: Scan, screen: &mut terminal::Screen) -> io::Result<bool> {
        terminal::give_back();
        let modes = terminal::Modes::now();
        tell(&scan.components)?;
        let cancel = Cancel::default();
        let (world, asked, ended) = (self.world.clone(), scan.components.clone(), cancel.clone());
        let bring = move || looking::bring(&world, asked, scanner::PATIENCE, &ended);
        let mut bringing = tokio::task::spawn_blocking(bring);
        let [terminate, hangup, interrupt, quit] = &mut self.ends;
        let (goes_on, brought) = tokio::select! {
            brought = &mut bringing => (true, Some(brought)),
            // They have ended what asks, too.
            _ = interrupt.recv() => (true, None),
            _ = quit.recv() => (true, None),
            _ = terminate.recv() => (false, None),
            _ = hangup.recv() => (false, None),
            _ = self.hangup.changed() => (false, None),
        };
        cancel.cancel();
        let brought = match brought {
            Some(brought) => brought,
            None => bringing.await,
        };
        modes.put_back();
        if !goes_on {
            return Ok(false);
        }
        self.take_back(screen).await?;
        // Where the asking itself failed nothing is known to be here.
        self.look_quietly(scan, &brought.unwrap_or_default());
        Ok(true)
    }

    /// Looks at what was brought as it is here, for a server may ask again each time; at all else as if nobody was there.
    fn look_quietly(&self, scan: Scan, brought: &[Component]) {
        let Scan { scope, components, .. } = scan;
        let (here, quiet): (Vec<_>, Vec<_>) = components.into_iter().partition(|asked| brought.contains(asked));
        for (components, manner) in [(here, Manner::Here), (quiet, Manner::Quiet)] {
            if !components.is_empty() {
                self.ask(Effect::Scan(Box::new(Scan { scope: scope.clone(), components, manner })));
            }
        }
    }
}

/// Says which servers are asked. Of the case itself nothing is said: it would stay on the terminal.
fn tell(components: &[Component]) -> io::Result<()> {
    let hosts: BTreeSet<String> =
        components.iter().flat_map(|asked| asked.urls.values()).filter_map(|url| host(url)).collect();
    let hosts: Vec<String> = hosts.into_iter().collect();
    writeln!(terminal::drawn_on()?, "Asking {}. Ctrl-c ends it.", displayable(&hosts.join(", ")))
}
