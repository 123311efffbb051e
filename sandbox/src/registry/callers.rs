//! On whose behalf the embedded registry acts: people share one user, and the signer has its own, so that nothing
//! people do uses up what the signer needs.

use std::future::Future;

/// Who may write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Caller {
    /// Whoever has the password that the sandbox shows.
    People,
    /// This process.
    Signer,
}

tokio::task_local! {
    static CALLER: Caller;
}

impl Caller {
    /// Answers a request of this caller.
    pub async fn acting<T>(self, work: impl Future<Output = T>) -> T {
        CALLER.scope(self, work).await
    }

    /// Whose request is being answered.
    pub fn now() -> Self {
        CALLER.try_with(|caller| *caller).unwrap_or(Self::People)
    }
}
