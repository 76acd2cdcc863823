use super::{lane::LARGE, *};
use std::sync::{Mutex, mpsc};

fn one_thread() -> Work {
    Work::new(&Limits {
        threads: Some(1),
        ..Limits::default()
    })
}

/// Keeps the only thread of a kind busy until the sender is dropped.
fn occupy(work: &Arc<Work>, kind: WorkKind) -> mpsc::Sender<()> {
    loop {
        let (hold, held) = mpsc::channel::<()>();
        let (begun, begins) = mpsc::channel::<()>();
        let work = Arc::clone(work);
        tokio::spawn(async move {
            let task = move |_: &Budget| {
                let _ = begun.send(());
                let _ = held.recv();
                Ok(())
            };
            work.run(kind.costing(INLINE), task).await
        });
        // Where the wait is limited and the machine busy, this task may itself have waited too long.
        if std::thread::scope(|scope| scope.spawn(move || begins.recv()).join().unwrap()).is_ok() {
            return hold;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn work_runs_on_a_thread_of_its_kind() {
    let work = Work::new(&Limits::default());
    let name = |_: &Budget| Ok((is_worker(), std::thread::current().name().map(str::to_owned)));
    let ran = work.run(WorkKind::Query.costing(INLINE), name).await.unwrap();
    assert_eq!(ran, (true, Some("work-query".to_owned())));
    let cheap = work.run(WorkKind::Query.costing(0), |_| Ok(is_worker())).await;
    assert!(!cheap.unwrap(), "cheap work stays where it is");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn small_work_goes_before_large_work_that_came_earlier() {
    let work = Arc::new(one_thread());
    let hold = occupy(&work, WorkKind::Query);
    let order = Arc::new(Mutex::new(Vec::new()));
    let waiting = |cost: u64| {
        let (work, order) = (Arc::clone(&work), Arc::clone(&order));
        tokio::spawn(async move {
            let note = move |_: &Budget| {
                order.lock().unwrap().push(cost);
                Ok(())
            };
            work.run(WorkKind::Query.costing(cost), note).await.unwrap();
        })
    };
    let mut tasks = Vec::new();
    for (nth, cost) in [9_000_000, 5_000_000, 200].into_iter().enumerate() {
        tasks.push(waiting(cost));
        while work.lane(WorkKind::Query).load()[0] <= nth {
            tokio::task::yield_now().await;
        }
    }
    drop(hold);
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(*order.lock().unwrap(), [200, 5_000_000, 9_000_000]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thread_is_kept_for_small_work() {
    let work = Arc::new(Work::new(&Limits::default()));
    let kind = WorkKind::Query;
    let large = work.share(kind).large_at_once;
    assert!(large < work.share(kind).threads);
    let (hold, held) = mpsc::channel::<()>();
    let held = Arc::new(Mutex::new(held));
    let many = (0..large + 3).map(|_| {
        let (work, held) = (Arc::clone(&work), Arc::clone(&held));
        tokio::spawn(async move {
            let wait = move |_: &Budget| {
                let _ = held.lock().unwrap().recv();
                Ok(())
            };
            work.run(kind.costing(LARGE + 1), wait).await
        })
    });
    let many: Vec<_> = many.collect();
    while work.lane(kind).load() != [3, large] {
        tokio::task::yield_now().await;
    }
    work.run(kind.costing(INLINE), |_| Ok(())).await.unwrap();
    drop(hold);
    for task in many {
        task.await.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_full_queue_and_a_long_wait_are_503_with_retry_after() {
    let work = Arc::new(Work::new(&Limits {
        threads: Some(1),
        queue: Some(0),
        ..Limits::default()
    }));
    let _hold = occupy(&work, WorkKind::Map);
    let full = work.run(WorkKind::Map.costing(INLINE), |_| Ok(())).await.unwrap_err();
    assert_eq!((full.status.as_u16(), full.retry_after), (503, Some(2)));
    assert!(
        work.run(WorkKind::Picture.costing(INLINE), |_| Ok(())).await.is_ok(),
        "another kind does not wait for it"
    );
    let work = Arc::new(Work::new(&Limits {
        threads: Some(1),
        wait: Some(Duration::from_millis(1)),
        ..Limits::default()
    }));
    let _hold = occupy(&work, WorkKind::Map);
    let late = work.run(WorkKind::Map.costing(INLINE), |_| Ok(())).await.unwrap_err();
    assert_eq!((late.status.as_u16(), late.retry_after), (503, Some(2)));
    assert_eq!(work.lane(WorkKind::Map).load()[0], 0, "it left the queue");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn work_ends_when_its_client_is_gone() {
    let work = Arc::new(one_thread());
    let (begun, begins) = mpsc::channel::<()>();
    let (ended, ends) = mpsc::channel::<()>();
    let running = tokio::spawn({
        let work = Arc::clone(&work);
        async move {
            let endless = move |budget: &Budget| {
                let _ = begun.send(());
                while !budget.is_spent() {
                    std::hint::spin_loop();
                }
                let _ = ended.send(());
                Ok(())
            };
            work.run(WorkKind::Archive.costing(INLINE), endless).await
        }
    });
    tokio::task::spawn_blocking(move || begins.recv().unwrap())
        .await
        .unwrap();
    let waiting = tokio::spawn({
        let work = Arc::clone(&work);
        async move { work.run(WorkKind::Archive.costing(INLINE), |_| Ok(())).await }
    });
    while work.lane(WorkKind::Archive).load()[0] == 0 {
        tokio::task::yield_now().await;
    }
    waiting.abort();
    assert!(waiting.await.unwrap_err().is_cancelled());
    assert_eq!(work.lane(WorkKind::Archive).load()[0], 0, "what waited is taken back");
    running.abort();
    tokio::task::spawn_blocking(move || ends.recv().unwrap()).await.unwrap();
}

#[tokio::test]
async fn an_estimate_above_the_limit_is_refused_before_any_work() {
    let work = one_thread();
    let most = work.share(WorkKind::Query).max_cost;
    let never = |_: &Budget| -> Result<(), Problem> { unreachable!("it is refused") };
    let refused = work.run(WorkKind::Query.costing(most + 1), never).await.unwrap_err();
    assert_eq!(refused.status, 400);
    assert!(refused.detail.contains("at most 10 are accepted"), "{}", refused.detail);
}

#[tokio::test]
async fn a_panic_is_500_and_its_thread_goes_on() {
    let work = one_thread();
    let panics = |_: &Budget| -> Result<(), Problem> { panic!("a test of panics") };
    let failed = work.run(WorkKind::Query.costing(INLINE), panics).await.unwrap_err();
    assert_eq!(failed.status, 500);
    assert!(work.run(WorkKind::Query.costing(INLINE), |_| Ok(())).await.is_ok());
}

#[test]
fn every_kind_has_a_share_on_every_machine() {
    for (cores, kind) in (1..=64).flat_map(|cores| WorkKind::ALL.map(|kind| (cores, kind))) {
        let share = kind.share(cores);
        assert!(share.threads >= 1 && (1..=share.threads).contains(&share.large_at_once));
        assert!(share.queue > 0 && !share.time.is_zero() && !share.wait.is_zero());
    }
    for (at, kind) in WorkKind::ALL.into_iter().enumerate() {
        assert_eq!(kind as usize, at, "lanes are found by their place");
    }
}
