-- name: next_lane
-- The first run of the next lane (pool, needs_process, priority): hops through the index, so lanes cost and runs do not.
SELECT pool, needs_process, priority, ready_at FROM runs
WHERE state = 'waiting' AND is_behind = 0 AND (pool, needs_process, priority) > (:pool, :needs_process, :priority)
ORDER BY pool, needs_process, priority, ready_at
LIMIT 1;

-- name: ready_in_lane
-- The one ready longest first, with the definition it is pinned to.
SELECT {runs}, tasks.name, revisions.action, revisions.policy FROM runs
JOIN tasks ON tasks.id = runs.task_id
LEFT JOIN revisions ON revisions.task_id = runs.task_id AND revisions.revision = runs.task_revision
WHERE runs.state = 'waiting' AND runs.is_behind = 0
    AND runs.pool = :pool AND runs.needs_process = :needs_process AND runs.priority = :priority AND runs.ready_at <= :now
ORDER BY runs.ready_at, runs.id
LIMIT :limit;

-- name: ready_run
SELECT {runs}, tasks.name, revisions.action, revisions.policy FROM runs
JOIN tasks ON tasks.id = runs.task_id
LEFT JOIN revisions ON revisions.task_id = runs.task_id AND revisions.revision = runs.task_revision
WHERE runs.id = :id AND runs.state = 'waiting' AND runs.is_behind = 0 AND runs.ready_at <= :now;

-- name: claim_run
-- The fence grows with each claim: who held the run before cannot settle it any more.
UPDATE runs SET
    state = 'running', worker_id = :worker_id, fence = fence + 1, attempt = attempt + 1, started_at = :now,
    first_started_at = coalesce(first_started_at, :now)
WHERE id = :id AND fence = :fence AND state = 'waiting' AND is_behind = 0;

-- name: end_run
-- The usual settlement: nobody asked it to stop meanwhile, and it does not go on.
UPDATE runs SET
    state = :state, reason = :reason, spent = :spent, lost = :lost, ended_at = :ended_at, exit_status = :exit_status,
    http_status = :http_status, detail = :detail
WHERE id = :id AND fence = :fence AND state = 'running' AND cancel_reason IS NULL;

-- name: settle_run
-- Every other settlement, judged on the row as it was read in this transaction.
UPDATE runs SET
    state = :state, reason = :reason, ready_at = :ready_at, attempt = :attempt, spent = :spent, lost = :lost,
    worker_id = :worker_id, first_started_at = :first_started_at, started_at = :started_at, ended_at = :ended_at,
    exit_status = :exit_status, http_status = :http_status, detail = :detail
WHERE id = :id AND fence = :fence AND state = 'running';

-- name: is_deleted
SELECT deleted_at IS NOT NULL FROM tasks WHERE id = :id;

-- name: add_attempt
INSERT INTO attempts VALUES ({:attempts});

-- name: archived
SELECT {attempts} FROM attempts WHERE run_id = :run_id AND fence = :fence;

-- name: report_late
UPDATE attempts SET late_report = :late_report WHERE run_id = :run_id AND attempt = :attempt;

-- name: note_end
-- A run that is not the holder has ended: the version stays, no plan depends on this.
UPDATE cursors SET last_run_id = :run_id, last_state = :state WHERE task_id = :task_id AND holder IS NOT :run_id;

-- name: free_holder
-- The usual end: nothing waits behind it.
UPDATE cursors SET holder = NULL, version = version + 1, last_run_id = :run_id, last_state = :state
WHERE task_id = :task_id AND holder = :run_id AND behind = 0;

-- name: pass_holder
-- The oldest run behind becomes the holder.
UPDATE cursors SET holder = :next, behind = behind - 1, version = version + 1, last_run_id = :run_id, last_state = :state
WHERE task_id = :task_id AND holder = :run_id AND behind > 0;

-- name: leave_queue
-- A run that waited behind the holder ended without its turn.
UPDATE cursors SET behind = behind - 1, version = version + 1, last_run_id = :run_id, last_state = :state
WHERE task_id = :task_id AND behind > 0;

-- name: orphans
-- Running runs are few (one per slot); a worker whose row is forgotten was dead.
SELECT {runs}, tasks.name, revisions.action, revisions.policy FROM runs
JOIN tasks ON tasks.id = runs.task_id
LEFT JOIN revisions ON revisions.task_id = runs.task_id AND revisions.revision = runs.task_revision
LEFT JOIN workers ON workers.id = runs.worker_id
WHERE runs.state = 'running' AND (workers.id IS NULL OR workers.stopped_at IS NOT NULL OR workers.dead_at IS NOT NULL)
LIMIT :limit;

-- name: begin_worker
-- Asked again after a lost answer, it is the same worker.
INSERT INTO workers VALUES ({:workers}) ON CONFLICT (id) DO NOTHING;

-- name: is_alive
SELECT 1 FROM workers WHERE id = :id AND stopped_at IS NULL AND dead_at IS NULL;

-- name: beat
UPDATE workers SET beat = beat + 1 WHERE id = :id AND stopped_at IS NULL AND dead_at IS NULL;

-- name: held
SELECT id, fence, cancel_reason FROM runs WHERE worker_id = :worker_id AND state = 'running';

-- name: end_worker
UPDATE workers SET stopped_at = :now WHERE id = :id AND stopped_at IS NULL;

-- name: workers_alive
SELECT {workers} FROM workers WHERE stopped_at IS NULL AND dead_at IS NULL ORDER BY id;

-- name: declare_dead
-- Only if its beat is still the one that was seen.
UPDATE workers SET dead_at = :now WHERE id = :id AND beat = :beat AND stopped_at IS NULL AND dead_at IS NULL;

-- name: take_over
UPDATE workers SET dead_at = :now WHERE id <> :id AND stopped_at IS NULL AND dead_at IS NULL;
