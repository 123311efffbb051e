//! The connections of one server. There are so many seats; when all are taken, who has been idle for longest is asked
//! to leave, and who is served stays.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep};

/// All seats.
pub struct Seats {
    most: usize,
    taken: Mutex<Taken>,
    /// Somebody has left.
    left: Notify,
}

#[derive(Default)]
struct Taken {
    next: u64,
    sitting: HashMap<u64, Sitting>,
}

struct Sitting {
    /// Requests that are being answered.
    busy: usize,
    since: Instant,
    leave: Arc<Notify>,
    is_asked: bool,
}

/// A place for one connection, given back when dropped.
pub struct Seat {
    seats: Arc<Seats>,
    number: u64,
    leave: Arc<Notify>,
}

/// A request that is being answered, until it is dropped.
pub struct Busy {
    seats: Arc<Seats>,
    number: u64,
}

impl Seats {
    /// So many.
    pub fn new(most: usize) -> Self {
        Self { most, taken: Mutex::default(), left: Notify::new() }
    }

    /// A seat, as soon as there is one.
    pub async fn take(self: &Arc<Self>) -> Seat {
        loop {
            let left = self.left.notified();
            if let Some(seat) = self.try_take() {
                return seat;
            }
            left.await;
        }
    }

    fn try_take(self: &Arc<Self>) -> Option<Seat> {
        let mut taken = self.lock();
        if taken.sitting.len() >= self.most {
            taken.ask_the_idlest();
            return None;
        }
        let number = taken.next;
        taken.next += 1;
        let leave = Arc::new(Notify::new());
        let sitting = Sitting { busy: 0, since: Instant::now(), leave: Arc::clone(&leave), is_asked: false };
        taken.sitting.insert(number, sitting);
        Some(Seat { seats: Arc::clone(self), number, leave })
    }

    /// Waits until all have left.
    pub async fn wait_until_empty(&self) {
        loop {
            let left = self.left.notified();
            if self.lock().sitting.is_empty() {
                return;
            }
            left.await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    fn ask_the_idlest(&mut self) {
        if self.sitting.values().any(|sitting| sitting.is_asked && sitting.busy == 0) {
            return;
        }
        let idle = self.sitting.values_mut().filter(|sitting| sitting.busy == 0);
        if let Some(idlest) = idle.min_by_key(|sitting| sitting.since) {
            idlest.is_asked = true;
            idlest.leave.notify_one();
        }
    }
}

impl Seat {
    /// Marks the connection as busy.
    pub fn busy(&self) -> Busy {
        if let Some(sitting) = self.seats.lock().sitting.get_mut(&self.number) {
            sitting.busy += 1;
        }
        Busy { seats: Arc::clone(&self.seats), number: self.number }
    }

    /// Waits until somebody else needs the seat.
    pub async fn asked_to_leave(&self) {
        self.leave.notified().await;
    }

    /// Waits until the connection has been idle for so long.
    pub async fn idle_for(&self, span: Duration) {
        loop {
            let idle = match self.seats.lock().sitting.get(&self.number) {
                Some(sitting) if sitting.busy > 0 => Duration::ZERO,
                Some(sitting) => sitting.since.elapsed(),
                None => return,
            };
            if idle >= span {
                return;
            }
            sleep(span - idle).await;
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.seats.lock().sitting.remove(&self.number);
        self.seats.left.notify_waiters();
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        let mut taken = self.seats.lock();
        if let Some(sitting) = taken.sitting.get_mut(&self.number) {
            sitting.busy = sitting.busy.saturating_sub(1);
            sitting.since = Instant::now();
        }
        drop(taken);
        // Whoever waits for a seat may ask this one now.
        self.seats.left.notify_waiters();
    }
}
