//! A store that is busy or gone is left alone for a while: longer each time, up to a limit.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::{FaultKind, KeyFault};

const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// Whether a store is out of order, and until when.
#[derive(Default)]
pub struct Outage(Mutex<Option<Down>>);

struct Down {
    fault: KeyFault,
    /// None: until the sandbox is restarted.
    until: Option<Instant>,
    pause: Duration,
    /// Whether the end of the pause has been told.
    told: bool,
}

impl Outage {
    /// Notes how a call went.
    pub fn note<T>(&self, outcome: &Result<T, KeyFault>) {
        match outcome {
            Err(fault) if fault.passes() => self.begin(fault),
            // A refusal for another reason is an answer, too.
            _ => *self.lock() = None,
        }
    }

    fn begin(&self, fault: &KeyFault) {
        let mut down = self.lock();
        let now = Instant::now();
        let pause = match &*down {
            // Others that were under way when it began say nothing new.
            Some(known) if known.until.is_some_and(|until| until > now) => return,
            Some(known) => (known.pause * 2).min(LONGEST_PAUSE),
            None => FIRST_PAUSE,
        };
        if down.as_ref().is_none_or(|known| known.fault != *fault) {
            tracing::warn!("signing with the token waits: {fault}");
        }
        let until = (fault.kind != FaultKind::PinRefused).then(|| now + pause);
        *down = Some(Down { fault: fault.clone(), until, pause, told: false });
    }

    /// Begins the pause of an outage anew.
    pub fn prolong(&self) {
        if let Some(Down { until: Some(until), pause, told, .. }) = &mut *self.lock()
            && *until <= Instant::now()
        {
            *until = Instant::now() + *pause;
            *told = false;
        }
    }

    /// Why the store is to be left alone now.
    pub fn current(&self) -> Option<KeyFault> {
        let down = self.lock();
        let down = down.as_ref()?;
        let over = down.until.is_some_and(|until| until <= Instant::now());
        if over { None } else { Some(down.fault.clone()) }
    }

    /// Waits until it may be tried again; for ever, if it is in order or will not come back by itself. The
    /// end of a pause is told once, to one.
    pub async fn over(&self) {
        let until = self.lock().as_ref().filter(|down| !down.told).and_then(|down| down.until);
        let Some(until) = until else { return std::future::pending().await };
        sleep_until(until).await;
        if let Some(down) = &mut *self.lock() {
            down.told = true;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Down>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
